using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Tickets;

/// <summary>What belongs together: messages are taken away, split off, and tickets merged; and where a message is now.</summary>
internal static class RegroupingEndpoints
{
    public static void MapRegrouping(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/ticket/{id:long}/conversation").WithTags("Conversation").AddEndpointFilter<MergedTickets>();
        messages.MapDelete("/{cid:long}", DeleteAsync).Needs(ApiScopes.Write).WithSummary("Take a note away, or put a mail to the trash; nothing is erased of mail");
        messages.MapPost("/{cid:long}/split", SplitAsync).Needs(ApiScopes.Write).WithSummary("Make a ticket of its own of a message, or of several; the answer is the new ticket");
        messages.MapPost("/{cid:long}/move", MoveAsync).Needs(ApiScopes.Write).WithSummary("Take a message over to another ticket of the same mailbox; the answer is that ticket");
        api.MapGroup("/conversation").WithTags("Conversation").MapGet("/{cid:long}", FindAsync).Needs(ApiScopes.Read).WithSummary("One message, in whichever ticket it lies now");
        api.MapGroup("/ticket/{id:long}").WithTags("Tickets").AddEndpointFilter<MergedTickets>().MapPost("/merge", MergeAsync).Needs(ApiScopes.Write)
            .WithSummary("Fold other tickets of the same mailbox and this one into the oldest of them; the answer is the one that is left");
    }

    private static async Task<Results<Ok<DoneAnswer>, ProblemHttpResult>> DeleteAsync(long id, long cid, Caller caller, MessageDeleting deleting, CancellationToken cancellationToken) =>
        await deleting.RunAsync(await caller.ReachAsync(cancellationToken), id, cid, caller.Actor, Caller.Origin, cancellationToken) switch
        {
            MessagePatchOutcome.Done => TypedResults.Ok(new DoneAnswer(true)),
            MessagePatchOutcome.NotYours => ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.NotYourNote),
            MessagePatchOutcome.Settled => ApiProblem.Of(StatusCodes.Status409Conflict, "", ApiText.NoTrash),
            _ => ApiProblem.NotFound(),
        };

    private static async Task<Results<Ok<TicketAnswer>, ProblemHttpResult>> SplitAsync(
        long id, long cid, Body<SplitRequest> body, Caller caller, MessageSplitting splitting, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        var (ticketId, refusal) = await splitting.RunAsync(reach, id, [cid, .. body.Value.With ?? []], body.Value.ExternalTicketId, caller.Actor, Caller.Origin, cancellationToken);
        return refusal is RegroupingRefusal.NothingToDo ? ApiProblem.Of(StatusCodes.Status409Conflict, "", ApiText.NothingStays)
            : ticketId is { } made ? await AnswerAsync(made, caller, reading, cancellationToken)
            : ApiProblem.NotFound();
    }

    /// <summary>With its only mail a ticket is folded into the other one.</summary>
    private static async Task<Results<Ok<TicketAnswer>, ProblemHttpResult>> MoveAsync(
        long id, long cid, Body<MoveRequest> body, Caller caller, TicketRegrouping regrouping, TicketQueries tickets, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        var into = await tickets.FindSurvivorAsync(reach, body.Value.TicketId!.Value, cancellationToken) ?? body.Value.TicketId.Value;
        var now = await tickets.FindTicketIdAsync(reach, cid, cancellationToken);
        if (now == into)
        {
            return await AnswerAsync(into, caller, reading, cancellationToken); // it lies there already
        }

        if (now != id)
        {
            return ApiProblem.NotFound();
        }

        var moved = await regrouping.MoveAsync(cid, into, caller.Actor, Caller.Origin, cancellationToken);
        return moved.Done is { } done ? await AnswerAsync(done.TicketId, caller, reading, cancellationToken)
            : moved.Refusal is RegroupingRefusal.OtherMailbox ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "ticketId", ApiText.OtherMailbox)
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<ConversationAnswer>, ProblemHttpResult>> FindAsync(long cid, Caller caller, TicketQueries tickets, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        return await tickets.FindTicketIdAsync(reach, cid, cancellationToken) is { } ticketId && await ConversationEndpoints.FindAsync(reach, ticketId, cid, caller, reading, cancellationToken) is { } message
            ? TypedResults.Ok(new ConversationAnswer(true, cid, message))
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<TicketAnswer>, ProblemHttpResult>> MergeAsync(
        long id, Body<MergeRequest> body, Caller caller, TicketRegrouping regrouping, TicketQueries tickets, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        List<long> wanted = [id];
        foreach (var other in body.Value.TicketIds!)
        {
            wanted.Add(await tickets.FindSurvivorAsync(reach, other, cancellationToken) ?? other);
        }

        if (wanted.Distinct().Count() == 1)
        {
            return await AnswerAsync(id, caller, reading, cancellationToken); // they are one already
        }

        var merged = await regrouping.MergeAsync([.. wanted.Distinct()], caller.Actor, Caller.Origin, cancellationToken);
        return merged.Refusal is RegroupingRefusal.OtherMailbox ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "ticketIds", ApiText.OtherMailbox)
            : merged.Done is { } done ? await AnswerAsync(done.TicketId, caller, reading, cancellationToken)
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<TicketAnswer>, ProblemHttpResult>> AnswerAsync(long ticketId, Caller caller, TicketReading reading, CancellationToken cancellationToken) =>
        await reading.FindAsync(await caller.ReachAsync(cancellationToken), ticketId, caller.UserId, AttachmentResponse.Address, cancellationToken) is { } ticket
            ? TypedResults.Ok(new TicketAnswer(true, TicketResponse.Of(ticket)))
            : ApiProblem.NotFound();
}
