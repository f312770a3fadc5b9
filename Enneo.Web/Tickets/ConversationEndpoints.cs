using System.ComponentModel;
using System.Globalization;
using System.Net.Mime;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Enneo.Web.Api;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Tickets;

/// <summary><c>/ticket/{id}/conversation</c>: the messages of a ticket.</summary>
internal static class ConversationEndpoints
{
    private const int DefaultLimit = 50;

    /// <summary>What strangers wrote is never opened as a page.</summary>
    private const string NothingRuns = "sandbox; default-src 'none'";

    public static void MapConversations(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/ticket/{id:long}/conversation").WithTags("Conversation").AddEndpointFilter<MergedTickets>();
        messages.MapGet("/", ListAsync).Needs(ApiScopes.Read).WithSummary("The messages of a ticket, oldest first; then your drafts, whose ids are negative");
        messages.MapGet("/{cid:long}", GetAsync).Needs(ApiScopes.Read).WithSummary("One message");
        messages.MapGet("/{cid:long}/raw", GetSourceAsync).Needs(ApiScopes.Read).Produces(StatusCodes.Status200OK, contentType: "message/rfc822").WithSummary("The source of a message, as it came (RFC 5322)");
        messages.MapGet("/{cid:long}/attachment/{aid:int}", GetAttachmentAsync).Needs(ApiScopes.Read).Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet).WithSummary("The bytes of an attachment");
    }

    private static async Task<Results<Ok<ConversationListAnswer>, ProblemHttpResult>> ListAsync(
        long id, int? limit, int? offset, [Description("With what other systems keep beside the messages")] bool? includeRawData, Caller caller, TicketReading reading, CancellationToken cancellationToken)
    {
        var (count, start) = (Math.Clamp(limit ?? DefaultLimit, 1, TicketReading.MaxMessages), Math.Max(offset ?? 0, 0));
        var reach = await caller.ReachAsync(cancellationToken);
        return await reading.MessagesAsync(reach, id, caller.UserId, start, count, AttachmentResponse.Address, cancellationToken) is { } page
            ? TypedResults.Ok(new ConversationListAnswer(
                true, [.. page.Messages.Select(message => ConversationResponse.From(message, includeRawData is true)), .. page.Drafts.Select(ConversationResponse.From)], page.Total, count, start))
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<ConversationAnswer>, ProblemHttpResult>> GetAsync(
        long id, long cid, Caller caller, TicketReading reading, CancellationToken cancellationToken) =>
        await FindAsync(await caller.ReachAsync(cancellationToken), id, cid, caller, reading, cancellationToken) is { } message
            ? TypedResults.Ok(new ConversationAnswer(true, cid, message))
            : ApiProblem.NotFound();

    /// <returns>A message, or a draft of whoever asks; null if the ticket has none of that id.</returns>
    internal static async Task<ConversationResponse?> FindAsync(Reach reach, long id, long cid, Caller caller, TicketReading reading, CancellationToken cancellationToken)
    {
        if (cid < 0)
        {
            return await reading.FindDraftAsync(reach, id, -cid, caller.UserId, cancellationToken) is { } draft ? ConversationResponse.From(draft) : null;
        }

        return await reading.FindMessageAsync(reach, id, cid, caller.UserId, AttachmentResponse.Address, cancellationToken) is { } message ? ConversationResponse.From(message) : null;
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> GetSourceAsync(
        long id, long cid, HttpContext context, Caller caller, TicketQueries tickets, MessageReader reader, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        if (await tickets.FindTicketIdAsync(reach, cid, cancellationToken) != id || await reader.FindSourceAsync(reach, cid, cancellationToken) is not { } source)
        {
            return ApiProblem.NotFound();
        }

        context.Response.RegisterForDispose(source);
        MessageEndpoints.Guard(context.Response, NothingRuns);
        return TypedResults.File(source.Open(), "message/rfc822", string.Create(CultureInfo.InvariantCulture, $"message-{cid}.eml"));
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetAttachmentAsync(
        long id, long cid, int aid, HttpContext context, Caller caller, TicketQueries tickets, MessageReader reader, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        if (await tickets.FindTicketIdAsync(reach, cid, cancellationToken) != id || await reader.FindPartAsync(reach, cid, aid, cancellationToken) is not { } part)
        {
            return ApiProblem.NotFound();
        }

        MessageEndpoints.Guard(context.Response, NothingRuns);
        return TypedResults.File(part.Bytes, MediaTypeNames.Application.Octet, part.Name);
    }
}
