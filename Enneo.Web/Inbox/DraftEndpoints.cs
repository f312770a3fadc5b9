using System.Security.Claims;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Identity;
using FluentValidation;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Inbox;

/// <summary>
/// Takes in a mail while it is typed. By HTTP, not through the circuit: that ends at messages
/// above 32 KB, and with it the text.
/// </summary>
internal static class DraftEndpoints
{
    /// <summary>
    /// A header that no form can send, and no script of another site without asking first (which is
    /// refused): what stands in for an antiforgery token here.
    /// </summary>
    private const string ComposerHeader = "X-Enneo-Composer";

    private const int MaxTextBytes = 8_000_000;
    private const int MaxPictureRequest = 6_000_000;

    public static void MapDrafts(this IEndpointRouteBuilder routes)
    {
        var drafts = routes.MapGroup("/draft/{id:long}").RequireAuthorization().ExcludeFromDescription()
            .AddEndpointFilter(async (context, next) => context.HttpContext.Request.Headers.ContainsKey(ComposerHeader)
                ? await next(context)
                : TypedResults.Problem(InboxText.NotPossible, statusCode: StatusCodes.Status400BadRequest));
        drafts.MapPost("/", SaveAsync).WithMetadata(new RequestSizeLimitAttribute(MaxTextBytes));
        drafts.MapPost("/attachment", AttachAsync).WithMetadata(new DisableRequestSizeLimitAttribute()); // the handler sets its own
        drafts.MapDelete("/attachment/{attachmentId:long}", DetachAsync);
        drafts.MapPost("/image", AddPictureAsync).WithMetadata(new RequestSizeLimitAttribute(MaxPictureRequest));
        routes.MapGet("/draft/image/{attachmentId:long}", GetPictureAsync).RequireAuthorization().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<DraftSavedResponse>, ProblemHttpResult>> SaveAsync(
        long id, DraftSaveRequest request, ClaimsPrincipal user, Drafts drafts, CancellationToken cancellationToken)
    {
        try
        {
            return await drafts.SaveAsync(id, request.ToSave(), SessionClaims.UserIdOf(user), cancellationToken) is { } draft
                ? TypedResults.Ok(new DraftSavedResponse(draft.Revision))
                : NoSuchDraft();
        }
        catch (ValidationException exception)
        {
            var words = string.Join(' ', exception.Errors.Select(error => error.ErrorMessage));
            return TypedResults.Problem(words, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> AttachAsync(
        HttpContext context, long id, string name, Drafts drafts, IOptions<SendingOptions> options, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAttachmentBytes;
        if (context.Request.ContentLength > limit)
        {
            return TooLarge(new AttachmentTooLargeException(limit));
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        try
        {
            var type = context.Request.ContentType ?? "application/octet-stream";
            var attachment = await drafts.AttachAsync(id, name, type, context.Request.Body, SessionClaims.UserIdOf(context.User), cancellationToken);
            return attachment is null ? NoSuchDraft() : TypedResults.NoContent();
        }
        catch (AttachmentTooLargeException exception)
        {
            return TooLarge(exception);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DetachAsync(
        long id, long attachmentId, ClaimsPrincipal user, Drafts drafts, CancellationToken cancellationToken) =>
        await drafts.DetachAsync(id, attachmentId, SessionClaims.UserIdOf(user), cancellationToken)
            ? TypedResults.NoContent()
            : NoSuchDraft();

    private static async Task<Results<Ok<PictureResponse>, ProblemHttpResult>> AddPictureAsync(
        HttpContext context, long id, string name, Drafts drafts, CancellationToken cancellationToken)
    {
        try
        {
            return await drafts.AddPictureAsync(id, name, context.Request.Body, SessionClaims.UserIdOf(context.User), cancellationToken) is { } address
                ? TypedResults.Ok(new PictureResponse(address))
                : NoSuchDraft();
        }
        catch (AttachmentTooLargeException exception)
        {
            return TooLarge(exception);
        }
        catch (NotAPictureException)
        {
            return TypedResults.Problem(InboxText.NotAPicture, statusCode: StatusCodes.Status415UnsupportedMediaType);
        }
    }

    /// <summary>Its type was told from its bytes, and is one that a browser only paints.</summary>
    private static async Task<Results<FileContentHttpResult, NotFound>> GetPictureAsync(
        HttpContext context, long attachmentId, Drafts drafts, CancellationToken cancellationToken)
    {
        if (await drafts.FindPictureAsync(attachmentId, SessionClaims.UserIdOf(context.User), cancellationToken) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.File(picture.Bytes, picture.ContentType);
    }

    private static ProblemHttpResult NoSuchDraft() => TypedResults.Problem(InboxText.NoSuchDraft, statusCode: StatusCodes.Status404NotFound);

    private static ProblemHttpResult TooLarge(AttachmentTooLargeException exception) =>
        TypedResults.Problem(exception.Message, statusCode: StatusCodes.Status413PayloadTooLarge);

    private sealed record DraftSaveRequest(
        int Revision,
        IReadOnlyList<MailAddress>? To,
        IReadOnlyList<MailAddress>? Cc,
        IReadOnlyList<MailAddress>? Bcc,
        string? Subject,
        string? Html,
        string? From,
        long? MailboxId)
    {
        public DraftSave ToSave() => new(Revision, To ?? [], Cc ?? [], Bcc ?? [], Subject ?? "", Html ?? "", From, MailboxId);
    }

    private sealed record PictureResponse(string Address);

    /// <param name="Revision">What is kept now; higher than what was sent if another window saved later.</param>
    private sealed record DraftSavedResponse(int Revision);
}
