using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Something that webhooks tell.</summary>
/// <param name="MessageId">The message that it is about.</param>
/// <param name="AwaitsMessageId">It is better told once this mail was analysed.</param>
internal sealed record WebhookNews(ActivityEntry Entry, WebhookEvent Event, long? MessageId, long? AwaitsMessageId);

/// <summary>What of the log is an event, and which: told by the entry alone, however long ago it was written.</summary>
internal static class WebhookEvents
{
    /// <summary>What can be one at all.</summary>
    public static readonly ActivityKind[] Kinds =
    [
        ActivityKind.TicketCreated, ActivityKind.MessageReceived, ActivityKind.NoteAdded, ActivityKind.NoteChanged, ActivityKind.NoteRemoved,
        ActivityKind.OutgoingQueued, ActivityKind.OutgoingCancelled, ActivityKind.OutgoingStateChanged,
        ActivityKind.TicketStatusChanged, ActivityKind.TicketAssigned, ActivityKind.TicketRenamed, ActivityKind.TicketSnoozed, ActivityKind.TicketPriorityChanged,
        ActivityKind.TicketDueChanged, ActivityKind.TicketFactsChanged, ActivityKind.TicketTagged, ActivityKind.TicketRequesterChanged, ActivityKind.TicketSpamChanged,
        ActivityKind.TicketsMerged, ActivityKind.TicketSplit, ActivityKind.MessagesJoined, ActivityKind.MessagesLeft,
        ActivityKind.MessageMoved, ActivityKind.MessageOnServerChanged, ActivityKind.MailboxStateChanged, ActivityKind.MailboxImported,
    ];

    /// <returns>Null for what is none.</returns>
    public static WebhookNews? Find(ActivityEntry entry) => entry.Kind switch
    {
        ActivityKind.TicketCreated => Created(entry),
        ActivityKind.MessageReceived => Received(entry),
        ActivityKind.NoteAdded => Of(entry, WebhookEvent.ConversationCreated),
        ActivityKind.NoteRemoved => new(entry, WebhookEvent.MessageDeleted, OldNumber(entry, "note"), null),
        ActivityKind.OutgoingQueued => Of(entry, New(entry, "mode") is nameof(DraftMode.Forward) or nameof(DraftMode.ForwardAsAttachment) ? WebhookEvent.TicketForwarded : WebhookEvent.ConversationCreated),
        ActivityKind.OutgoingCancelled => Of(entry, TakesTicket(entry) ? WebhookEvent.TicketDeleted : WebhookEvent.MessageDeleted),
        ActivityKind.OutgoingStateChanged => New(entry, "state") switch
        {
            _ when New(entry, "state") == Old(entry, "state") => null,
            nameof(DeliveryState.Sent) => Of(entry, WebhookEvent.MessageSent),
            nameof(DeliveryState.Rejected) => Of(entry, WebhookEvent.MessageBounced),
            nameof(DeliveryState.Sending) when IsNow(entry, "carrier") => Of(entry, WebhookEvent.TicketUpdated),
            _ => null,
        },
        ActivityKind.TicketStatusChanged when New(entry, "status") is nameof(TicketStatus.Closed) => Of(entry, WebhookEvent.TicketClosed),
        ActivityKind.TicketSpamChanged => Of(entry, WebhookEvent.SpamStatusChanged),
        ActivityKind.TicketsMerged => Of(entry, WebhookEvent.TicketMerged),
        ActivityKind.TicketSplit => Of(entry, WebhookEvent.TicketSplit),
        ActivityKind.MessageMoved => Of(entry, IsIntoTrash(entry) ? WebhookEvent.TicketDeleted : WebhookEvent.TicketMoved),
        ActivityKind.MessageOnServerChanged => Held(entry),
        ActivityKind.MailboxStateChanged => Of(entry, WebhookEvent.MailboxStateChanged),
        ActivityKind.MailboxImported => Of(entry, WebhookEvent.MailboxImported),
        _ => Kinds.Contains(entry.Kind) ? Of(entry, WebhookEvent.TicketUpdated) : null,
    };

    private static WebhookNews Of(ActivityEntry entry, WebhookEvent happened) => new(entry, happened, entry.MessageId, null);

    /// <summary>With the mail that opened it, where that is known; a customer's is analysed first.</summary>
    private static WebhookNews Created(ActivityEntry entry) =>
        new(entry, WebhookEvent.TicketCreated, entry.MessageId, New(entry, "direction") is nameof(MessageDirection.In) ? entry.MessageId : null);

    /// <summary>The mail that opens a ticket is told with it.</summary>
    private static WebhookNews? Received(ActivityEntry entry) => (New(entry, "automatic"), IsNow(entry, "opensTicket"), New(entry, "direction")) switch
    {
        (nameof(AutomaticKind.Bounce), _, _) => Of(entry, WebhookEvent.MessageBounced),
        (_, true, _) => null,
        (_, _, nameof(MessageDirection.Out)) => Of(entry, WebhookEvent.ConversationCreated), // one of us wrote it in another mail program
        _ => new(entry, WebhookEvent.TicketResponse, entry.MessageId, entry.MessageId),
    };

    /// <summary>The message is there again, or gone; with it its ticket, where the entry says so.</summary>
    private static WebhookNews? Held(ActivityEntry entry) => entry switch
    {
        _ when Value(entry, "draft", 0) is not null => null,
        _ when IsNow(entry, "onServer") => Of(entry, WebhookEvent.TicketUpdated),
        _ => new(entry, TakesTicket(entry) || IsIntoTrash(entry) ? WebhookEvent.TicketDeleted : WebhookEvent.MessageDeleted, entry.MessageId ?? OldNumber(entry, "message"), null),
    };

    private static bool TakesTicket(ActivityEntry entry) => OldNumber(entry, "ticket") == entry.TicketId;

    private static bool IsIntoTrash(ActivityEntry entry) => New(entry, "place") is nameof(TicketPlace.Trash);

    private static bool IsNow(ActivityEntry entry, string field) => Value(entry, field, 1) is { ValueKind: JsonValueKind.True };

    private static string? New(ActivityEntry entry, string field) => Value(entry, field, 1) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string? Old(ActivityEntry entry, string field) => Value(entry, field, 0) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long? OldNumber(ActivityEntry entry, string field) => Value(entry, field, 0) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;

    private static JsonElement? Value(ActivityEntry entry, string field, int index)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty(field, out var pair) ? pair[index].Clone() : null;
    }
}
