using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity;

namespace Enneo.Web.Inbox;

/// <summary>What happened since a screen last looked, gathered: what it has to read again.</summary>
public sealed class InboxChanges
{
    private readonly HashSet<long> _tickets = [];
    private readonly List<ActivityEntry> _untold = [];

    public IReadOnlySet<long> Tickets => _tickets;

    /// <summary>Changes of this person of which another system could not be told at once.</summary>
    public IReadOnlyList<ActivityEntry> Untold => _untold;

    /// <summary>A mailbox came, went, or is doing differently.</summary>
    public bool Mailboxes { get; private set; }

    /// <summary>History came in, by the batch: which tickets is not said.</summary>
    public bool History { get; private set; }

    /// <summary>A draft was begun, sent, taken back or given up.</summary>
    public bool Drafts { get; private set; }

    /// <summary>Its person may see other mailboxes than before: everything is read again.</summary>
    public bool Access { get; private set; }

    /// <summary>Who there is, or what they may see.</summary>
    public bool People { get; private set; }

    /// <summary>Which tags there are, or what they are like.</summary>
    public bool Tags { get; private set; }

    public bool IsEmpty => _tickets.Count == 0 && !Mailboxes && !History && !Drafts && !Access && !People && !Tags;

    /// <param name="reach">What the person in front of the screen may see: what happened elsewhere is none of their business.</param>
    public void Add(ActivityEntry entry, Reach reach, long personId)
    {
        switch (entry.Kind)
        {
            case ActivityKind.UserAccessChanged or ActivityKind.UserRoleChanged when UserOf(entry) == personId:
                (Access, People, Mailboxes, History, Drafts) = (true, true, true, true, true);
                break;
            case ActivityKind.UserAdded or ActivityKind.UserAccessChanged or ActivityKind.UserRoleChanged or ActivityKind.UserDisabled or ActivityKind.UserEnabled:
                People = true;
                break;
            case ActivityKind.TagAdded or ActivityKind.TagChanged or ActivityKind.TagRemoved:
                Tags = true;
                break;
            case var _ when entry.MailboxId is { } mailboxId && !reach.Covers(mailboxId):
                break;
            case ActivityKind.WebhookFailed when UserOf(entry) == personId:
                _untold.Add(entry);
                AddTicket(entry.TicketId);
                break;
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

    private static long? MergedAway(ActivityEntry entry) => IdOf(entry, "ticket", 0);

    private static long? UserOf(ActivityEntry entry) => IdOf(entry, "user", 1);

    private static long? IdOf(ActivityEntry entry, string field, int index)
    {
        using var changes = JsonDocument.Parse(entry.Changes);
        return changes.RootElement.TryGetProperty(field, out var ids) && ids[index].TryGetInt64(out var id) ? id : null;
    }

    private void AddTicket(long? ticketId)
    {
        if (ticketId is { } id)
        {
            _tickets.Add(id);
        }
    }
}
