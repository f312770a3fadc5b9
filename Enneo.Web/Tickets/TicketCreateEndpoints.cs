using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Templates;
using Enneo.Web.Api;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Enneo.Web.Tickets;

/// <summary><c>POST /ticket</c>: mail comes in, or leaves.</summary>
internal static class TicketCreateEndpoints
{
    public static void MapTicketCreation(this IEndpointRouteBuilder api) => api.MapGroup("/ticket").WithTags("Tickets")
        .MapPost("/", CreateAsync).Needs(ApiScopes.Write).WithMetadata(new RequestSizeLimitAttribute(MailEndpoints.MaxBody))
        .WithSummary("A mail that came in, or one to send (scope send); an earlier externalTicketId is changed instead");

    private static async Task<Results<Created<TicketCreatedAnswer>, Ok<TicketCreatedAnswer>, ProblemHttpResult>> CreateAsync(
        [Description("realtime, batch or false: when the mail is analysed")] string? process,
        Body<TicketCreateRequest> body, Caller caller, TicketCreation creation, TemplateFilling templates, ProcessingAwaiting awaiting, MailHtml mailHtml, TicketReading reading, CancellationToken cancellationToken)
    {
        var wanted = body.Value;
        var choice = wanted.Process ?? ProcessChoice.Batch;
        if (process is not null && !ProcessChoices.Words.TryGetValue(process, out choice))
        {
            return ApiProblem.Of(StatusCodes.Status400BadRequest, "process", MailRules.Say(ApiText.WordUnknown, string.Join(", ", ProcessChoices.Words.Keys)));
        }

        if (wanted.Direction is TicketDirection.Out && !caller.May(ApiScopes.Send))
        {
            return ApiProblem.Of(StatusCodes.Status403Forbidden, "", MailRules.Say(ApiText.ScopeMissing, ApiClaims.Word(ApiScopes.Send)));
        }

        var reach = await caller.ReachAsync(cancellationToken);
        if (wanted.TemplateId is { } templateId)
        {
            wanted = wanted with
            {
                TemplateBody = await templates.ForProgramAsync(
                    reach, templateId, wanted.SubchannelId!.Value, wanted.Customer, wanted.Subject ?? "", wanted.TemplateData ?? new Dictionary<string, string?>(), caller.Actor, cancellationToken),
            };
            if (wanted.TemplateBody is null)
            {
                return ApiProblem.Of(StatusCodes.Status422UnprocessableEntity, "templateId", ApiText.NoTemplates);
            }
        }

        var created = await creation.RunAsync(
            reach,
            new TicketWish(wanted.SubchannelId!.Value, MailRules.Files(wanted.Attachments))
            {
                ExternalTicketId = wanted.ExternalTicketId,
                ExternalMessageId = wanted.ExternalConversationId,
                Incoming = wanted.Direction is TicketDirection.In ? wanted.ToNewMail : null,
                Outgoing = wanted.Direction is TicketDirection.Out ? files => wanted.ToOutgoing(mailHtml, files) : null,
                Pace = choice.ToPace(),
                RawData = MailRules.Raw(wanted.RawData),
                Patch = wanted.ToPatch,
            },
            caller.Actor, Caller.Origin, cancellationToken);
        if (created.Errors.Count > 0)
        {
            return ApiProblem.Of(created.IsMalformed ? StatusCodes.Status400BadRequest : StatusCodes.Status422UnprocessableEntity, created.Errors);
        }

        if (choice is ProcessChoice.Realtime && created is { IsNew: true, MessageId: { } messageId })
        {
            await awaiting.RunAsync(messageId, cancellationToken);
        }

        TicketCreatedAnswer answer = new(true, created.TicketId, created.MessageId, created.DraftId, created.Delivery, null, null) { Warnings = created.IsChangedOnly ? [.. wanted.OfMail.Select(field => MailRules.Say(ApiText.FieldOfKnownTicket, field))] : null };
        if (wanted.Direction is TicketDirection.Out)
        {
            answer = await WholeAsync(answer, reach, caller, reading, cancellationToken);
        }

        return created.IsNew && created.TicketId is { } id
            ? TypedResults.Created(string.Create(CultureInfo.InvariantCulture, $"{Urls.ApiBase}/ticket/{id}"), answer)
            : TypedResults.Ok(answer);
    }

    /// <summary>With what became of it: whoever sends wants to see it.</summary>
    private static async Task<TicketCreatedAnswer> WholeAsync(TicketCreatedAnswer answer, Reach reach, Caller caller, TicketReading reading, CancellationToken cancellationToken)
    {
        var ticket = answer.Id is { } id ? await reading.FindAsync(reach, id, caller.UserId, AttachmentResponse.Address, cancellationToken) : null;
        var message = ticket is not null && answer.ConversationId is { } conversation
            ? await reading.FindMessageAsync(reach, ticket.Row.Id, conversation, caller.UserId, AttachmentResponse.Address, cancellationToken)
            : null;
        return answer with { Ticket = ticket is null ? null : TicketResponse.Of(ticket), Conversation = message is null ? null : ConversationResponse.From(message) };
    }
}

/// <param name="Id">Of the ticket; null for a draft, whose ticket opens when it is sent.</param>
/// <param name="ConversationId">Of the message; null where a ticket was only changed.</param>
/// <param name="DeliveryState">Only for what is sent.</param>
/// <param name="Ticket">Only for what is sent, as GET /ticket/{id} answers.</param>
/// <param name="Conversation">The same of its mail.</param>
internal sealed record TicketCreatedAnswer(
    bool Success, long? Id, long? ConversationId, long? DraftId, DeliveryState? DeliveryState, TicketResponse? Ticket, ConversationResponse? Conversation)
{
    /// <summary>What was said of a mail where the ticket is here already; see <see cref="WarnedResult"/>, which adds to it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }
}
