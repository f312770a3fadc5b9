using System.Globalization;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Tickets;

/// <summary><c>/ticket/{id}/conversation</c>: what is added to it, and changed of it.</summary>
internal static class ConversationChangeEndpoints
{
    public static void MapConversationChanges(this IEndpointRouteBuilder api)
    {
        var messages = api.MapGroup("/ticket/{id:long}/conversation").WithTags("Conversation").WithMetadata(new RequestSizeLimitAttribute(MailEndpoints.MaxBody)).AddEndpointFilter<MergedTickets>();
        messages.MapPost("/store", StoreAsync).Needs(ApiScopes.Write).WithSummary("Add a message that was written elsewhere; nothing is sent");
        messages.MapPatch("/{cid:long}", PatchAsync).Needs(ApiScopes.Write).WithSummary("Change a note or a draft, publish a draft (scope send), or confirm how a mail ended that your system carries out");
    }

    private static async Task<Results<Created<ConversationAnswer>, Ok<ConversationAnswer>, ProblemHttpResult>> StoreAsync(
        long id, Body<StoreRequest> body, Caller caller, MessageStoring storing, ProcessingAwaiting awaiting, TicketReading reading, CancellationToken cancellationToken)
    {
        var wish = body.Value.ToWish();
        var stored = await storing.RunAsync(await caller.ReachAsync(cancellationToken), id, wish, caller.Actor, Caller.Origin, cancellationToken);
        if (stored.Errors.Count > 0)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, stored.Errors);
        }

        if (stored.Taken is not { } taken)
        {
            return ApiProblem.NotFound();
        }

        if (body.Value.Process is ProcessChoice.Realtime)
        {
            await awaiting.RunAsync(taken.MessageId, cancellationToken);
        }

        var message = await reading.FindMessageAsync(await caller.ReachAsync(cancellationToken), taken.TicketId, taken.MessageId, caller.UserId, AttachmentResponse.Address, cancellationToken);
        if (message is null)
        {
            return ApiProblem.Of(StatusCodes.Status409Conflict, "", ApiText.MovedMeanwhile);
        }

        ConversationAnswer answer = new(true, taken.MessageId, ConversationResponse.From(message));
        return taken.IsNew
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{Urls.ApiBase}/ticket/{taken.TicketId}/conversation/{taken.MessageId}"), answer)
            : TypedResults.Ok(answer);
    }

    private static async Task<Results<Ok<ConversationAnswer>, ProblemHttpResult>> PatchAsync(
        long id, long cid, Body<MessagePatchRequest> body, Caller caller, MessagePatching patching, MailHtml mailHtml, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        if (body.Value.IsDraft is false && !caller.May(ApiScopes.Send)
            && await reading.FindDraftAsync(reach, id, -cid, caller.UserId, cancellationToken) is { } draft && !draft.Mode.IsNote())
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", MailRules.Say(ApiText.ScopeMissing, ApiClaims.Word(ApiScopes.Send)));
        }

        var patched = await patching.RunAsync(reach, id, cid, body.Value.ToPatch(mailHtml), caller.Actor, Caller.Origin, cancellationToken);
        return patched.Outcome switch
        {
            MessagePatchOutcome.Done => await ConversationEndpoints.FindAsync(reach, id, patched.MessageId, caller, reading, cancellationToken) is { } message
                ? TypedResults.Ok(new ConversationAnswer(true, patched.MessageId, message))
                : ApiProblem.NotFound(),
            MessagePatchOutcome.NotYours => ApiProblem.Of(StatusCodes.Status403Forbidden, "", ApiText.NotYourNote),
            MessagePatchOutcome.Settled => ApiProblem.Of(StatusCodes.Status409Conflict, "", ApiText.MessageSettled),
            MessagePatchOutcome.Refused => ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "", patched.Problem!),
            _ => ApiProblem.NotFound(),
        };
    }
}
