using System.Net.Mime;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Enneo.Web.Inbox;

/// <summary>A mail's body, parts and source: what strangers wrote, each answer with a policy that lets nothing run.</summary>
internal static class MessageEndpoints
{
    private const int MaxShownSource = 1024 * 1024;

    private const string NothingRuns = "sandbox; default-src 'none'";

    /// <summary>
    /// allow-same-origin lets inline pictures carry the session's cookie and the page around the frame
    /// read its height; it is safe only without allow-scripts.
    /// </summary>
    private const string BodyPolicy =
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        + "img-src data: 'self'; form-action 'none'; frame-ancestors 'self'";

    /// <summary>Pictures that a browser only paints. SVG is not among them: it is a document.</summary>
    private static readonly string[] s_pictures = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    /// <summary>Types that a browser would show as a page of ours.</summary>
    private static readonly string[] s_documents = ["html", "xml", "svg", "script", "javascript"];

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/message/{id:long}").RequireAuthorization().ExcludeFromDescription();
        messages.MapGet("/body", GetBodyAsync);
        messages.MapGet("/part/{index:int}", GetPartAsync);
        messages.MapGet("/remote", GetRemoteAsync);
        messages.MapGet("/source", GetSourceAsync);
        messages.MapGet("/source/text", GetSourceTextAsync);
    }

    private static async Task<Results<ContentHttpResult, NotFound>> GetBodyAsync(
        HttpContext context, long id, string? theme, bool? images, MessageReader reader, Reaches reaches, MailHtml mailHtml, RemoteImages remoteImages, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(await CurrentReach.OfAsync(context.User, reaches, cancellationToken), id, cancellationToken) is not { } content)
        {
            return TypedResults.NotFound();
        }

        Guard(context.Response, BodyPolicy);
        var isText = content.Html is null;
        var view = new MailView(Pictures(content))
        {
            RemoteImage = images is true ? await RemotePicturesAsync(id, remoteImages, cancellationToken) : null,
            FoldsQuotes = true,
            IsForward = content.IsForward,
        };
        var body = content.Html is { } html
            ? mailHtml.Sanitize(html, view)
            : new SafeHtml(mailHtml.FoldedFromText(content.Text, content.IsForward), 0);
        var page = MailDocument.Build(body, isText, theme == "dark" ? MailTheme.Dark : MailTheme.Light);
        return TypedResults.Content(page, MediaTypeNames.Text.Html, Encoding.UTF8);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> GetPartAsync(
        HttpContext context, long id, int index, bool? inline, MessageReader reader, Reaches reaches, CancellationToken cancellationToken)
    {
        var reach = await CurrentReach.OfAsync(context.User, reaches, cancellationToken);
        if (await reader.FindPartAsync(reach, id, index, cancellationToken) is not { } part)
        {
            return TypedResults.NotFound();
        }

        Guard(context.Response, NothingRuns);
        if (inline is true && await IsPictureOfBodyAsync(reader, reach, id, index, part.ContentType, cancellationToken))
        {
            return TypedResults.File(part.Bytes, part.ContentType);
        }

        var type = s_documents.Any(word => part.ContentType.Contains(word, StringComparison.OrdinalIgnoreCase))
            || !MediaTypeHeaderValue.TryParse(part.ContentType, out _)
            ? MediaTypeNames.Application.Octet
            : part.ContentType;
        return TypedResults.File(part.Bytes, type, part.Name);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> GetRemoteAsync(
        HttpContext context, long id, string address, string mark, RemoteImages remoteImages, Reaches reaches, CancellationToken cancellationToken)
    {
        Guard(context.Response, NothingRuns);
        return await remoteImages.FetchAsync(await CurrentReach.OfAsync(context.User, reaches, cancellationToken), id, address, mark, cancellationToken) is { } picture
            ? TypedResults.File(picture.Bytes, picture.ContentType)
            : TypedResults.NotFound();
    }

    private static async Task<Func<string, string?>> RemotePicturesAsync(long id, RemoteImages remoteImages, CancellationToken cancellationToken)
    {
        var sign = await remoteImages.SignerAsync(id, cancellationToken);
        return address => sign(address) is { } mark ? MessageAddress.Remote(id, address, mark) : null;
    }

    private static async Task<Results<FileStreamHttpResult, NotFound>> GetSourceAsync(
        HttpContext context, long id, MessageReader reader, Reaches reaches, CancellationToken cancellationToken)
    {
        if (await reader.FindSourceAsync(await CurrentReach.OfAsync(context.User, reaches, cancellationToken), id, cancellationToken) is not { } source)
        {
            return TypedResults.NotFound();
        }

        context.Response.RegisterForDispose(source);
        Guard(context.Response, NothingRuns);
        return TypedResults.File(source.Open(), "message/rfc822", FormattableString.Invariant($"message-{id}.eml"));
    }

    /// <summary>The beginning of large ones: a browser that lays out all of it stands still.</summary>
    private static async Task<Results<ContentHttpResult, NotFound>> GetSourceTextAsync(
        HttpContext context, long id, MessageReader reader, Reaches reaches, CancellationToken cancellationToken)
    {
        using var source = await reader.FindSourceAsync(await CurrentReach.OfAsync(context.User, reaches, cancellationToken), id, cancellationToken);
        if (source is null)
        {
            return TypedResults.NotFound();
        }

        Guard(context.Response, NothingRuns);
        var text = Encoding.UTF8.GetString(source.Head(MaxShownSource).Span);
        var rest = source.Length > MaxShownSource ? $"\n\n[{InboxText.SourceShortened}]" : "";
        return TypedResults.Content(text + rest, MediaTypeNames.Text.Plain, Encoding.UTF8);
    }

    /// <summary>The addresses of pictures that the mail brought itself.</summary>
    public static Func<string, string?> Pictures(MessageContent content) => contentId =>
        content.Parts.FirstOrDefault(part => part.ContentId == contentId && IsPicture(part.ContentType)) is { } picture
            ? MessageAddress.Inline(content.MessageId, picture.Index)
            : null;

    private static async Task<bool> IsPictureOfBodyAsync(MessageReader reader, Reach reach, long id, int index, string contentType, CancellationToken cancellationToken) =>
        IsPicture(contentType)
        && await reader.FindAsync(reach, id, cancellationToken) is { } content
        && content.Parts.Any(part => part.Index == index && part.ContentId is not null);

    private static bool IsPicture(string contentType) => s_pictures.Contains(contentType, StringComparer.OrdinalIgnoreCase);

    /// <summary>Answers with what strangers wrote keep to their own policy and are kept nowhere.</summary>
    public static void Guard(HttpResponse response, string policy)
    {
        response.Headers.ContentSecurityPolicy = policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
