using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Something that webhooks tell.</summary>
/// <param name="MessageId">The message that it is about.</param>
/// <param name="AwaitsMessageId">It is better told once this mail was analysed.</param>
internal sealed record WebhookNews(ActivityEntry Entry, WebhookEvent Event, long? MessageId, long? AwaitsMessageId);

/// <summary>What of the log is an event, and which; with what stands beside it in other tables.</summary>
internal sealed class WebhookEvents(EnneoDbContext db)
{
    /// <summary>What can be one at all.</summary>
    public static readonly ActivityKind[] Kinds =
    [
        ActivityKind.TicketCreated, ActivityKind.MessageReceived, ActivityKind.NoteAdded, ActivityKind.NoteChanged, ActivityKind.NoteRemoved,
        ActivityKind.OutgoingQueued, ActivityKind.OutgoingCancelled, ActivityKind.OutgoingStateChanged,
        ActivityKind.TicketStatusChanged, ActivityKind.TicketAssigned, ActivityKind.TicketRenamed, ActivityKind.TicketSnoozed, ActivityKind.TicketPriorityChanged,
        ActivityKind.TicketDueChanged, ActivityKind.TicketTagged, ActivityKind.TicketRequesterChanged, ActivityKind.TicketSpamChanged,
        ActivityKind.TicketsMerged, ActivityKind.TicketSplit, ActivityKind.MessagesJoined, ActivityKind.MessagesLeft,
        ActivityKind.MessageMoved, ActivityKind.MessageOnServerChanged, ActivityKind.MailboxStateChanged, ActivityKind.MailboxImported,
    ];

    /// <returns>Null for what is none.</returns>
    public async Task<WebhookNews?> FindAsync(ActivityEntry entry, CancellationToken cancellationToken) => entry.Kind switch
    {
        ActivityKind.TicketCreated => await CreatedAsync(entry, cancellationToken),
        ActivityKind.MessageReceived => await ReceivedAsync(entry, cancellationToken),
        ActivityKind.NoteAdded => Of(entry, WebhookEvent.ConversationCreated),
        ActivityKind.NoteRemoved => new(entry, WebhookEvent.MessageDeleted, OldNumber(entry, "note"), null),
        ActivityKind.OutgoingQueued => Of(entry, New(entry, "mode") is nameof(DraftMode.Forward) or nameof(DraftMode.ForwardAsAttachment) ? WebhookEvent.TicketForwarded : WebhookEvent.ConversationCreated),
        ActivityKind.OutgoingCancelled => Of(entry, WebhookEvent.MessageDeleted),
        ActivityKind.OutgoingStateChanged => New(entry, "state") switch
        {
            _ when New(entry, "state") == Old(entry, "state") => null,
            nameof(DeliveryState.Sent) => Of(entry, WebhookEvent.MessageSent),
            nameof(DeliveryState.Rejected) => Of(entry, WebhookEvent.MessageBounced),
            _ => null,
        },
        ActivityKind.TicketStatusChanged when New(entry, "status") is nameof(TicketStatus.Closed) => Of(entry, WebhookEvent.TicketClosed),
        ActivityKind.TicketSpamChanged => Of(entry, WebhookEvent.SpamStatusChanged),
        ActivityKind.TicketsMerged => Of(entry, WebhookEvent.TicketMerged),
        ActivityKind.TicketSplit => Of(entry, WebhookEvent.TicketSplit),
        ActivityKind.MessageMoved => Of(entry, await IsInTrashAsync(entry, cancellationToken) ? WebhookEvent.TicketDeleted : WebhookEvent.TicketMoved),
        ActivityKind.MessageOnServerChanged => new(entry, await GoneAsync(entry, cancellationToken), entry.MessageId ?? OldNumber(entry, "message"), null),
        ActivityKind.MailboxStateChanged => Of(entry, WebhookEvent.MailboxStateChanged),
        ActivityKind.MailboxImported => Of(entry, WebhookEvent.MailboxImported),
        _ => Kinds.Contains(entry.Kind) ? Of(entry, WebhookEvent.TicketUpdated) : null,
    };

    private static WebhookNews Of(ActivityEntry entry, WebhookEvent happened) => new(entry, happened, entry.MessageId, null);

    private async Task<WebhookNews> CreatedAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        var first = await db.Messages.Where(m => m.TicketId == entry.TicketId).OrderBy(m => m.Id).Select(m => new { m.Id, m.Direction }).FirstOrDefaultAsync(cancellationToken);
        return new(entry, WebhookEvent.TicketCreated, first?.Id, first?.Direction is MessageDirection.In ? first.Id : null);
    }

    /// <summary>The mail that opens a ticket is told with it.</summary>
    private async Task<WebhookNews?> ReceivedAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        var message = await db.Messages.Where(m => m.Id == entry.MessageId)
            .Select(m => new { m.Direction, m.Automatic, IsFirst = !db.Messages.Any(other => other.TicketId == entry.TicketId && other.Id < m.Id) })
            .SingleOrDefaultAsync(cancellationToken);
        return message switch
        {
            { Automatic: AutomaticKind.Bounce } => Of(entry, WebhookEvent.MessageBounced),
            null or { IsFirst: true } => null,
            { Direction: MessageDirection.In } => new(entry, WebhookEvent.TicketResponse, entry.MessageId, entry.MessageId),
            _ => Of(entry, WebhookEvent.ConversationCreated), // one of us wrote it in another mail program
        };
    }

    private Task<bool> IsInTrashAsync(ActivityEntry entry, CancellationToken cancellationToken) =>
        db.Tickets.AnyAsync(t => t.Id == entry.TicketId && t.Place == TicketPlace.Trash, cancellationToken);

    private async Task<WebhookEvent> GoneAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Changes.Contains("\"onServer\":[false,true]", StringComparison.Ordinal))
        {
            return WebhookEvent.TicketUpdated; // it is there again
        }

        return entry.TicketId is null || await db.Tickets.AnyAsync(t => t.Id == entry.TicketId, cancellationToken) ? WebhookEvent.MessageDeleted : WebhookEvent.TicketDeleted;
    }

    private static string? New(ActivityEntry entry, string field) => Value(entry, field, 1) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static string? Old(ActivityEntry entry, string field) => Value(entry, field, 0) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static long? OldNumber(ActivityEntry entry, string field) => Value(entry, field, 0) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : null;

    private static JsonElement? Value(ActivityEntry entry, string field, int index)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty(field, out var pair) ? pair[index].Clone() : null;
    }
}
