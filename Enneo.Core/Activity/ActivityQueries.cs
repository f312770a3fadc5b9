using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Activity;

/// <summary>The log as people read it.</summary>
public sealed class ActivityQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    private const int Longest = 500;

    /// <summary>What is told of a ticket beside its messages.</summary>
    private static readonly ActivityKind[] s_told =
    [
        ActivityKind.TicketCreated,
        ActivityKind.TicketStatusChanged,
        ActivityKind.TicketAssigned,
        ActivityKind.TicketSnoozed,
        ActivityKind.TicketPriorityChanged,
        ActivityKind.TicketDueChanged,
        ActivityKind.NoteAdded,
        ActivityKind.NoteChanged,
        ActivityKind.NoteRemoved,
        ActivityKind.TicketSpamChanged,
        ActivityKind.SenderUnsubscribed,
        ActivityKind.TicketsMerged,
        ActivityKind.TicketSplit,
        ActivityKind.MessagesJoined,
        ActivityKind.MessagesLeft,
        ActivityKind.TicketTagged,
        ActivityKind.MessageMoved,
        ActivityKind.WebhookFailed,
        ActivityKind.TicketTakenOver,
    ];

    /// <param name="ticketIds">The ticket, and those that were folded into it.</param>
    /// <returns>The newest of it, oldest first.</returns>
    public async Task<IReadOnlyList<ActivityEntry>> HistoryAsync(Reach reach, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var entries = await Of(db, reach)
            .Where(e => e.TicketId != null && ticketIds.Contains(e.TicketId.Value) && s_told.Contains(e.Kind))
            .OrderByDescending(e => e.Sequence)
            .Take(Longest)
            .ToListAsync(cancellationToken);
        entries.Reverse();
        return entries;
    }

    /// <summary>All that happened to a ticket, oldest first.</summary>
    /// <param name="ticketIds">The ticket, and those that were folded into it.</param>
    /// <param name="since">The sequence that was read last; 0 for the beginning.</param>
    public async Task<IReadOnlyList<ActivityEntry>> OfTicketAsync(Reach reach, IReadOnlyCollection<long> ticketIds, long since, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Of(db, reach)
            .Where(e => e.TicketId != null && ticketIds.Contains(e.TicketId.Value) && e.Sequence > since)
            .OrderBy(e => e.Sequence)
            .Take(Math.Clamp(limit, 1, ChangeFeed.MaxLimit))
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<ActivityEntry> Of(EnneoDbContext db, Reach reach)
    {
        var entries = db.Activity.AsNoTracking();
        return reach.MailboxIds is { } ids ? entries.Where(e => e.MailboxId != null && ids.Contains(e.MailboxId.Value)) : entries;
    }
}
