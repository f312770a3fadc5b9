using System.Net.Mime;
using System.Text;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Messages.Images;
using Enneo.Web.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Inbox;

/// <summary>Attachments to look at: pictures that browsers only paint, PDF for their viewer, everything else as words.</summary>
internal static class PreviewEndpoints
{
    private const int MaxText = 512 * 1024;
    private const string NothingRuns = "sandbox; default-src 'none'; frame-ancestors 'self'";

    /// <summary>No browser opens its viewer in a sandbox; that a PDF is no page of ours its type and nosniff see to.</summary>
    private const string ViewerOnly = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'";

    public static void MapPreviews(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/message/{id:long}/part/{index:int}/preview", GetAsync).RequireAuthorization().ExcludeFromDescription();

    private static async Task<Results<FileContentHttpResult, ContentHttpResult, NotFound>> GetAsync(
        HttpContext context, long id, int index, MessageReader reader, Reaches reaches, CancellationToken cancellationToken)
    {
        if (await reader.FindPartAsync(await CurrentReach.OfAsync(context.User, reaches, cancellationToken), id, index, cancellationToken) is not { } part)
        {
            return TypedResults.NotFound();
        }

        if (PictureType.Of(part.Bytes) is { } picture)
        {
            MessageEndpoints.Guard(context.Response, NothingRuns);
            return TypedResults.File(part.Bytes, picture);
        }

        if (part.Bytes.AsSpan().StartsWith("%PDF-"u8))
        {
            MessageEndpoints.Guard(context.Response, ViewerOnly);
            return TypedResults.File(part.Bytes, MediaTypeNames.Application.Pdf);
        }

        MessageEndpoints.Guard(context.Response, NothingRuns);
        var text = AttachmentText.Of(part, MaxText);
        return TypedResults.Content(part.Bytes.Length > MaxText ? $"{text}\n\n[{InboxText.PreviewShortened}]" : text, MediaTypeNames.Text.Plain, Encoding.UTF8);
    }
}
