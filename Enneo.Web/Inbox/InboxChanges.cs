using System.Text.Json;
using Enneo.Core.Activity;

namespace Enneo.Web.Inbox;

/// <summary>What happened since a screen last looked, gathered: what it has to read again.</summary>
public sealed class InboxChanges
{
    private readonly HashSet<long> _tickets = [];

    public IReadOnlySet<long> Tickets => _tickets;

    /// <summary>A mailbox came, went, or is doing differently.</summary>
    public bool Mailboxes { get; private set; }

    /// <summary>History came in, by the batch: which tickets is not said.</summary>
    public bool History { get; private set; }

    /// <summary>A draft was begun, sent, taken back or given up.</summary>
    public bool Drafts { get; private set; }

    public bool IsEmpty => _tickets.Count == 0 && !Mailboxes && !History && !Drafts;

    public void Add(ActivityEntry entry)
    {
        switch (entry.Kind)
        {
            case ActivityKind.MailboxImported:
                History = true;
                Mailboxes = true;
                break;
            case ActivityKind.MailboxAdded or ActivityKind.MailboxChanged or ActivityKind.MailboxRemoved or ActivityKind.MailboxStateChanged:
                Mailboxes = true;
                break;
            case ActivityKind.TicketsMerged:
                AddTicket(entry.TicketId);
                AddTicket(MergedAway(entry));
                break;
            case ActivityKind.DraftSaved or ActivityKind.DraftDiscarded:
                Drafts = true; // it is its author's own screen, and no news to the others
                break;
            case ActivityKind.OutgoingQueued or ActivityKind.OutgoingCancelled:
                Drafts = true;
                AddTicket(entry.TicketId);
                break;
            default:
                AddTicket(entry.TicketId);
                break;
        }
    }

    private static long? MergedAway(ActivityEntry entry)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty("ticket", out var ids) && ids[0].TryGetInt64(out var from) ? from : null;
    }

    private void AddTicket(long? ticketId)
    {
        if (ticketId is { } id)
        {
            _tickets.Add(id);
        }
    }
}
