using Enneo.Core.Data;
using Enneo.Core.Identity;

namespace Enneo.Core.Tickets;

/// <summary>Which tickets are in which list, and how a page of it is read by index.</summary>
internal static class TicketLists
{
    /// <summary>Of more mailboxes than these the whole list is walked, passing over what is out of reach.</summary>
    private const int MostWalks = 32;

    /// <summary>
    /// A page of a list. Where somebody may see some mailboxes only, it is taken of each of them and then of all these,
    /// so that it costs the same however much mail lies out of reach.
    /// </summary>
    /// <param name="page">Orders and limits.</param>
    public static IQueryable<Ticket> Page(EnneoDbContext db, Reach reach, TicketFilter filter, Func<IQueryable<Ticket>, IQueryable<Ticket>> page)
    {
        var isByMailbox = filter is { MailboxId: null, View: TicketView.Open or TicketView.Unassigned or TicketView.Closed };
        return isByMailbox && reach.MailboxIds is { Count: > 0 and <= MostWalks } ids
            ? page(ids.Select(id => page(Of(db, Reach.All, filter with { MailboxId = id }))).Aggregate((one, other) => one.Concat(other)))
            : page(Of(db, reach, filter));
    }

    public static IQueryable<Ticket> Of(EnneoDbContext db, Reach reach, TicketFilter filter)
    {
        var seen = reach.Of(db.Tickets);
        var tickets = filter.MailboxId is { } mailboxId ? seen.Where(t => t.MailboxId == mailboxId) : seen;
        return filter.View switch
        {
            TicketView.Junk => tickets.Where(t => t.Place == TicketPlace.Junk),
            TicketView.Trash => tickets.Where(t => t.Place == TicketPlace.Trash),
            TicketView.Folder => tickets.Where(t => db.TicketFolders.Any(p => p.FolderId == filter.FolderId && p.TicketId == t.Id)),
            _ => OnDesk(db, tickets.Where(t => t.Place == TicketPlace.Desk), filter),
        };
    }

    private static IQueryable<Ticket> OnDesk(EnneoDbContext db, IQueryable<Ticket> tickets, TicketFilter filter)
    {
        var open = Closed(tickets, false).Where(t => t.SnoozedUntil == null);
        var tagId = filter.TagId;
        return filter.View switch
        {
            TicketView.Mine => open.Where(t => t.AssigneeId == filter.PersonId),
            TicketView.Unassigned => open.Where(t => t.AssigneeId == null),
            TicketView.Tag => open.Where(t => db.TicketTags.Any(g => g.TagId == tagId && g.TicketId == t.Id && !g.IsTakenOff)),
            TicketView.Starred => tickets.Where(t => t.IsStarred),
            TicketView.Snoozed => tickets.Where(t => t.SnoozedUntil != null),
            TicketView.Sent => tickets.Where(t => t.LastSentAt != null),
            TicketView.Closed => Closed(tickets, true),
            _ => open,
        };
    }

    /// <summary>Compared with a value it is found by index; as a condition of its own ("NOT IsClosed") every ticket would be looked at.</summary>
    private static IQueryable<Ticket> Closed(IQueryable<Ticket> tickets, bool isClosed) => tickets.Where(t => t.IsClosed == isClosed);
}
