using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Templates;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Tickets;

/// <summary>What leaves: answers and forwards, through the outbox, without time to undo.</summary>
internal static class MailEndpoints
{
    /// <summary>Bytes of a body that may hold files.</summary>
    public const int MaxBody = 40_000_000;

    public static void MapMail(this IEndpointRouteBuilder api)
    {
        var ticket = api.MapGroup("/ticket/{id:long}").WithTags("Conversation").WithMetadata(new RequestSizeLimitAttribute(MaxBody)).AddEndpointFilter<MergedTickets>();
        ticket.MapPost("/conversation/reply", ReplyAsync).Needs(ApiScopes.Send).WithSummary("Answer, and send it; or keep it as a draft");
        ticket.MapPost("/forward", ForwardAsync).Needs(ApiScopes.Send).WithSummary("Pass the newest mail of a ticket on");
    }

    private static async Task<Results<Ok<SentAnswer>, ProblemHttpResult>> ReplyAsync(
        long id, Body<ReplyRequest> body, Caller caller, AttachmentFetching fetching, TemplateFilling templates, MailHtml mailHtml, ProgramSending sending, MessageReplying replying, MessageStoring storing, TicketReading reading, CancellationToken cancellationToken)
    {
        var (reach, reply) = (await caller.ReachAsync(cancellationToken), body.Value);
        if (reply.TemplateId is { } templateId)
        {
            reply = reply with { TemplateBody = await templates.ForReplyAsync(reach, templateId, id, reply.TemplateData ?? new Dictionary<string, string?>(), caller.Actor, cancellationToken) };
            if (reply.TemplateBody is null)
            {
                return await reading.IsThereAsync(reach, id, cancellationToken) ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "templateId", ApiText.NoTemplates) : ApiProblem.NotFound();
            }
        }

        if (reply is { Private: true, IsDraft: not true })
        {
            return await NoteAsync(id, reply, caller, storing, reading, cancellationToken);
        }

        var wanted = MailRules.Files(reply.Attachments);
        if (reply.Private is not true)
        {
            return await AnswerAsync(
                await replying.RunAsync(reach, id, reply.ToMail(mailHtml, []), reply.ExternalConversationId, caller.Actor, cancellationToken, wanted), caller, reading, cancellationToken);
        }

        var files = await fetching.RunAsync(wanted, cancellationToken);
        return files.Errors.Count > 0
            ? ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, files.Errors)
            : await AnswerAsync(await sending.NoteAsync(reach, id, reply.ToMail(mailHtml, files.Files), caller.Actor, cancellationToken), caller, reading, cancellationToken);
    }

    private static async Task<Results<Ok<SentAnswer>, ProblemHttpResult>> NoteAsync(long id, ReplyRequest note, Caller caller, MessageStoring storing, TicketReading reading, CancellationToken cancellationToken)
    {
        var reach = await caller.ReachAsync(cancellationToken);
        var stored = await storing.RunAsync(reach, id, note.ToNote(), caller.Actor, Caller.Origin, cancellationToken);
        if (stored.Errors.Count > 0)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, stored.Errors);
        }

        return stored.Taken is { } taken && await reading.FindMessageAsync(reach, taken.TicketId, taken.MessageId, caller.UserId, AttachmentResponse.Address, cancellationToken) is { } message
            ? TypedResults.Ok(new SentAnswer(true, taken.MessageId, IsDraft: false, null, ConversationResponse.From(message)))
            : ApiProblem.NotFound();
    }

    private static async Task<Results<Ok<SentAnswer>, ProblemHttpResult>> ForwardAsync(
        long id, Body<ForwardRequest> body, Caller caller, MailHtml mailHtml, ProgramSending sending, TicketReading reading, CancellationToken cancellationToken) =>
        await AnswerAsync(await sending.ForwardAsync(await caller.ReachAsync(cancellationToken), id, body.Value.ToMail(mailHtml), caller.Actor, cancellationToken), caller, reading, cancellationToken);

    private static async Task<Results<Ok<SentAnswer>, ProblemHttpResult>> AnswerAsync(ProgramMailResult result, Caller caller, TicketReading reading, CancellationToken cancellationToken)
    {
        if (result.IsMissing)
        {
            return ApiProblem.NotFound();
        }

        if (result.FileErrors is { } errors)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, errors);
        }

        if (result.Problem is { } problem)
        {
            return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "", problem);
        }

        if (result.Sent is not { } sent)
        {
            return TypedResults.Ok(new SentAnswer(true, -result.DraftId!.Value, IsDraft: true, null, null));
        }

        var message = await reading.FindMessageAsync(await caller.ReachAsync(cancellationToken), sent.TicketId, sent.MessageId, caller.UserId, AttachmentResponse.Address, cancellationToken);
        return TypedResults.Ok(new SentAnswer(true, sent.MessageId, IsDraft: false, sent.State, message is null ? null : ConversationResponse.From(message)));
    }
}

/// <param name="Id">Of the message; negative for a draft.</param>
/// <param name="Conversation">Null for a draft.</param>
internal sealed record SentAnswer(bool Success, long Id, bool IsDraft, DeliveryState? DeliveryState, ConversationResponse? Conversation);
