using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>The conversations in which somebody takes part.</summary>
public sealed class PersonTickets(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <summary>Of the conversations begun last: somebody may take part in all there are.</summary>
    private const int MaxLookedAt = 500;

    /// <param name="skipped">How many of the newest are passed over.</param>
    /// <returns>Newest first.</returns>
    public async Task<IReadOnlyList<TicketSummary>> ListAsync(Reach reach, string address, int limit, CancellationToken cancellationToken, int skipped = 0)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var lower = address.ToLowerInvariant();
        return await (
            from participant in Of(db, reach, lower).OrderByDescending(p => p.TicketId).Take(Math.Max(MaxLookedAt, skipped + limit))
            join t in db.Tickets on participant.TicketId equals t.Id
            orderby t.ListedAt descending, t.Id descending
            select new TicketSummary(
                t.Id, t.MailboxId, t.Subject, t.Status, t.People, t.Snippet, t.MessageCount, t.UnreadCount, t.HasAttachments, t.LastMessageAt)
            {
                ListedAt = t.ListedAt,
            })
            .Skip(skipped)
            .Take(limit)
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<TicketParticipant> Of(EnneoDbContext db, Reach reach, string address)
    {
        var all = db.TicketParticipants.Where(p => p.Address == address);
        var seen = reach.Of(db.Tickets);
        return reach.MailboxIds is null ? all : all.Where(p => seen.Any(t => t.Id == p.TicketId));
    }
}
