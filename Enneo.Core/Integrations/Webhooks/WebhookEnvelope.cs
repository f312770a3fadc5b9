using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Facts;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Search;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>What is posted. The ticket is as it stands at the first attempt; what happened stands in <c>changes</c>.</summary>
internal static class WebhookEnvelope
{
    public const string OriginHeader = "x-enneo-origin";

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The body, and who did it as <see cref="OriginHeader"/> says.</returns>
    public static async Task<(string Body, string Origin)> OfAsync(EnneoDbContext db, Webhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var entry = await db.Activity.AsNoTracking().SingleOrDefaultAsync(e => e.Sequence == delivery.Sequence, cancellationToken);
        var origin = entry is null ? "" : OriginOf(entry);
        if (delivery.Body is { } fixedOne)
        {
            return (fixedOne, origin);
        }

        var owner = webhook.OwnKeyId is { } key ? await db.ApiKeys.Where(k => k.Id == key).Select(k => k.UserId).SingleOrDefaultAsync(cancellationToken) : 0;
        var tickets = delivery.TicketId is { } id ? await TicketSearch.PageAsync(db, db.Tickets.AsNoTracking().Where(t => t.Id == id), owner, cancellationToken) : [];
        return (Write(delivery, entry, origin, tickets.Count == 0 ? null : tickets[0]), origin);
    }

    /// <summary>One that happened to nobody, to try a receiver with.</summary>
    public static string Sample(WebhookEvent happened, string eventId, DateTimeOffset at)
    {
        WebhookDelivery delivery = new()
        {
            WebhookId = 0,
            EventId = eventId,
            Sequence = 0,
            Event = happened,
            OrderKey = 0,
            MailboxId = 1,
            TicketId = 1,
            MessageId = 1,
            OccurredAt = at,
            DueAt = at,
        };
        TicketRow ticket = new(1, 1, "A sample", Tickets.TicketStatus.Open, Tickets.TicketPlace.Desk, null, null, "Mia Sample", "Nothing happened; this tries the receiver.", 1, 1, false, at, at, null);
        return Write(delivery, entry: null, "test", ticket);
    }

    /// <summary>The door, or the key by which a program came through it; a hook is a door of its own.</summary>
    private static string OriginOf(ActivityEntry entry) => entry.ApiKeyId is { } key && !HookOrigin.Is(entry.Origin) ? FormattableString.Invariant($"key:{key}") : entry.Origin;

    private static string Write(WebhookDelivery delivery, ActivityEntry? entry, string origin, TicketRow? ticket) => new JsonObject
    {
        ["id"] = delivery.EventId,
        ["event"] = delivery.Event.ToString(),
        ["occurredAt"] = delivery.OccurredAt.UtcDateTime,
        ["sequence"] = delivery.Sequence,
        ["subchannelId"] = delivery.MailboxId,
        ["ticketId"] = delivery.TicketId,
        ["conversationId"] = delivery.MessageId,
        ["userId"] = entry?.ActorUserId,
        ["origin"] = origin,
        ["changes"] = entry is null ? new JsonObject() : ChangeWords.Of(entry),
        ["ticket"] = ticket is null ? null : TicketOf(ticket),
    }.ToJsonString(s_json);

    private static JsonObject TicketOf(TicketRow row) => new()
    {
        ["id"] = row.Id,
        ["subchannelId"] = row.MailboxId,
        ["channel"] = JsonNamingPolicy.CamelCase.ConvertName((row.Facts?.Channel ?? TicketChannel.Email).ToString()),
        ["subject"] = row.Subject,
        ["status"] = TicketWords.Of(row.Status),
        ["priority"] = TicketWords.Of(row.Priority),
        ["aiSupportLevel"] = TicketWords.Of(row.SupportLevel),
        ["folder"] = TicketWords.Of(row.Place),
        ["spamStatus"] = TicketWords.Of(row.SpamStatus),
        ["assignee"] = row.AssigneeId,
        ["people"] = row.People,
        ["summary"] = row.Snippet,
        ["messageCount"] = row.MessageCount,
        ["unreadCount"] = row.UnreadCount,
        ["hasAttachments"] = row.HasAttachments,
        ["createdAt"] = row.CreatedAt.UtcDateTime,
        ["lastMessageAt"] = row.LastMessageAt.UtcDateTime,
        ["snoozedUntil"] = row.SnoozedUntil?.UtcDateTime,
        ["firstResponseDueBy"] = row.FirstResponseDueBy?.UtcDateTime,
        ["dueBy"] = row.DueBy?.UtcDateTime,
        ["contractId"] = row.Facts?.ContractId,
        ["tags"] = new JsonArray([.. row.TagIds.Select(id => (JsonNode)id)]),
        ["externalTicketId"] = row.ExternalId,
    };
}
