using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Ends the shadow mode of a mailbox. Mail that waited to leave becomes a draft again: what is sent, a person sends.</summary>
public sealed class GoingLive
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly ChangeUndoing _undoing;
    private readonly TakingBack _takingBack;
    private readonly TimeProvider _clock;

    internal GoingLive(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, ChangeUndoing undoing, TakingBack takingBack, TimeProvider clock)
    {
        (_dbFactory, _lane, _undoing, _takingBack, _clock) = (dbFactory, lane, undoing, takingBack, clock);
    }

    /// <param name="applyChanges">Whether what was changed here goes to the server; else it is undone here.</param>
    /// <returns>False if there is no such mailbox in shadow mode.</returns>
    public async Task<bool> RunAsync(long mailboxId, bool applyChanges, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await TakeBackAsync(mailboxId, cancellationToken); // while nothing can leave
        return await _lane.RunAsync(
            async (db, token) =>
            {
                var mailbox = await db.Mailboxes.AsTracking().SingleOrDefaultAsync(m => m.Id == mailboxId && m.IsShadow && m.RemovedAt == null, token);
                if (mailbox is null)
                {
                    return false;
                }

                if (!applyChanges)
                {
                    await _undoing.RunAsync(db, await db.ServerChanges.AsTracking().Where(c => c.MailboxId == mailboxId).ToListAsync(token), actor, origin, token);
                }

                var before = MailboxSnapshot.Of(mailbox);
                mailbox.IsShadow = false;
                await new MailboxRecording(db, actor, origin, _clock).ChangedAsync(mailbox, before, [], token);
                return true;
            },
            cancellationToken);
    }

    private async Task TakeBackAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var waiting = await db.Outbox.AsNoTracking()
            .Where(o => o.MailboxId == mailboxId && o.State == DeliveryState.Queued && db.Mailboxes.Any(m => m.Id == mailboxId && m.IsShadow))
            .ToListAsync(cancellationToken);
        foreach (var outgoing in waiting)
        {
            await _takingBack.RunAsync(outgoing.Id, outgoing.AuthorId, now => now.State is DeliveryState.Queued, cancellationToken);
        }
    }
}
