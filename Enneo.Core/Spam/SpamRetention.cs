using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Moves spam to the trash once it is older than an admin wants to keep it; at first nothing is. It goes there as if a
/// person had put it there, on the mail server too, from where it can be brought back.
/// </summary>
public sealed class SpamRetention(WriterLane lane, MessageFiling filing, TimeProvider clock) : IRegularWork
{
    private const string Origin = "spam";

    /// <summary>As many at a time, so that nobody waits for it.</summary>
    private const int Batch = 25;

    /// <returns>How many conversations went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (gone, last) = (0, 0L);
        while (await lane.RunBulkAsync((db, token) => MoveSomeAsync(db, last, token), cancellationToken) is { Count: > 0 } moved)
        {
            gone += moved.Count;
            last = moved[^1];
        }

        return gone;
    }

    Task IRegularWork.RunAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    /// <returns>Those that were looked at, ascending.</returns>
    private async Task<IReadOnlyList<long>> MoveSomeAsync(EnneoDbContext db, long after, CancellationToken cancellationToken)
    {
        if (await SpamSettings.ReadAsync(db, cancellationToken) is not { KeptDays: { } days })
        {
            return [];
        }

        var until = clock.GetUtcNow() - TimeSpan.FromDays(days);
        var tickets = await db.Tickets
            .Where(t => t.Id > after && t.Place == TicketPlace.Junk && t.LastMessageAt < until
                && (t.SpamStatus == SpamStatus.AutoSpam || t.SpamStatus == SpamStatus.AutoProgrammatic || t.SpamStatus == SpamStatus.ManualSpam))
            .OrderBy(t => t.Id)
            .Select(t => t.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        var received = await db.Messages
            .Where(m => tickets.Contains(m.TicketId) && m.Direction == MessageDirection.In)
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        await filing.MoveAsync(db, received, FolderRole.Trash, Actor.System, Origin, cancellationToken);
        return tickets;
    }
}
