using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Snoozing;

/// <summary>Brings back what is snoozed no longer: unread, so that it is noticed.</summary>
public sealed class SnoozedTickets(
    IDbContextFactory<EnneoDbContext> dbFactory, TicketFiling filing, TicketEditing editing, TimeProvider clock)
{
    private const string Origin = "snooze";

    /// <returns>How many came back.</returns>
    public async Task<int> WakeDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var due = await db.Tickets.Where(t => t.SnoozedUntil <= now).Select(t => t.Id).ToListAsync(cancellationToken);
        await filing.MarkAsync(due, seen: false, Actor.System, Origin, cancellationToken); // first: broken off after it, it is done again
        return (await editing.SnoozeAsync(due, until: null, Actor.System, Origin, cancellationToken)).Count;
    }

    /// <returns>When the next one comes back; null when none is snoozed.</returns>
    public async Task<DateTimeOffset?> NextAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Tickets.Where(t => t.SnoozedUntil != null).MinAsync(t => t.SnoozedUntil, cancellationToken);
    }
}
