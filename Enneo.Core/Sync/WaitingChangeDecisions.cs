using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>A person's word on what was changed here and the server does not take.</summary>
public sealed class WaitingChangeDecisions(WriterLane lane, ChangeUndoing undoing, TimeProvider clock)
{
    /// <summary>Asks the server once more, now.</summary>
    public Task TryAgainAsync(IReadOnlyCollection<long> changeIds, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var changes = await reach.Of(db.ServerChanges.AsTracking()).Where(c => changeIds.Contains(c.Id)).ToListAsync(token);
            foreach (var change in changes)
            {
                (change.Attempts, change.NextAttemptAt, change.Refusal, change.AwaitsPerson) = (0, null, null, false);
            }

            foreach (var mailboxId in changes.Select(c => c.MailboxId).Distinct())
            {
                db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxSyncRequested, actor, origin, clock, mailboxId));
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>Shows the messages as they are on the server.</summary>
    public Task UndoAsync(IReadOnlyCollection<long> changeIds, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var changes = await reach.Of(db.ServerChanges.AsTracking()).Where(c => changeIds.Contains(c.Id)).ToListAsync(token);
            foreach (var ofMailbox in changes.GroupBy(c => c.MailboxId))
            {
                await undoing.RunAsync(db, [.. ofMailbox], actor, origin, token);
            }
        },
        cancellationToken);
}
