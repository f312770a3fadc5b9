using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using MailKit;
using Microsoft.EntityFrameworkCore;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>A copy that was moved.</summary>
/// <param name="NewUid">Null if the server did not say.</param>
internal sealed record MovedCopy(ServerCopy Copy, UniqueId? NewUid);

/// <summary>Writes down what became of changes that went to the server.</summary>
public sealed class ServerChangeRecords(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessagePlaces places, ChangeUndoing undoing, TicketRemoval removal, TimeProvider clock)
{
    /// <summary>A change that was refused this often is left to a person.</summary>
    private const int MaxAttempts = 5;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(15);

    /// <summary>In words, what the server refuses and will be asked again; null when there is nothing.</summary>
    internal async Task<string?> StandingRefusalAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.ServerChanges.Where(c => c.MailboxId == mailboxId && c.Refusal != null).OrderBy(c => c.Id).Select(c => c.Refusal).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>Null when it is no longer there.</returns>
    internal async Task<MailFolder?> FindTargetAsync(long? folderId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Folders.AsNoTracking().SingleOrDefaultAsync(f => f.Id == folderId && f.IsListed, cancellationToken);
    }

    internal Task DoneAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => RemoveAsync(db, ids, token), cancellationToken);

    internal Task FlaggedAsync(
        IReadOnlyCollection<long> ids, IReadOnlyCollection<ServerCopy> copies, ServerChangeKind kind, bool value, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await RemoveAsync(db, ids, token);
            foreach (var row in await RowsAsync(db, copies, token))
            {
                row.Seen = kind is ServerChangeKind.Seen ? value : row.Seen;
                row.Flagged = kind is ServerChangeKind.Flagged ? value : row.Flagged;
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <param name="tellsUids">Whether the server names new UIDs: what it does not name was not there any more.</param>
    internal Task MovedAsync(
        IReadOnlyCollection<long> ids, IReadOnlyCollection<MovedCopy> moved, MailFolder target, bool tellsUids, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await RemoveAsync(db, ids, token);
            var folder = await db.Folders.AsTracking().SingleAsync(f => f.Id == target.Id, token);
            var rows = (await RowsAsync(db, [.. moved.Select(m => m.Copy)], token)).ToDictionary(row => row.Id);
            foreach (var (copy, newUid) in moved.Where(m => m.NewUid is not null || !tellsUids))
            {
                var row = rows[copy.LedgerId];
                row.OnServer = false;
                await db.Folders.Where(f => f.Id == row.FolderId && f.ServerCount > 0)
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.ServerCount, f => f.ServerCount - 1), token);
                if (newUid is { } uid)
                {
                    await AddRowAsync(db, folder, row, uid, token);
                }
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    internal Task ErasedAsync(IReadOnlyCollection<long> ids, IReadOnlyCollection<ServerCopy> copies, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await RemoveAsync(db, ids, token);
            foreach (var row in await RowsAsync(db, copies, token))
            {
                row.OnServer = false;
                await db.Folders.Where(f => f.Id == row.FolderId && f.ServerCount > 0)
                    .ExecuteUpdateAsync(set => set.SetProperty(f => f.ServerCount, f => f.ServerCount - 1), token);
            }

            await db.SaveChangesAsync(token);
            foreach (var messageId in copies.Select(copy => copy.MessageId).Distinct())
            {
                await EraseAsync(db, messageId, token);
            }
        },
        cancellationToken);

    /// <summary>No copy of the message is known: the sync that follows finds it, or that it is gone.</summary>
    internal Task NotFoundAsync(IReadOnlyCollection<ServerChange> changes, CancellationToken cancellationToken) =>
        changes.Count == 0 ? Task.CompletedTask : lane.RunAsync(
            async (db, token) =>
            {
                foreach (var change in await TrackedAsync(db, [.. changes.Select(c => c.Id)], token))
                {
                    if (await db.Messages.AnyAsync(m => m.Id == change.MessageId && m.OnServer, token) && PutOff(change))
                    {
                        continue;
                    }

                    if (await PlaceOfAsync(db, change.MessageId, token) is { } place)
                    {
                        await LeaveToPersonAsync(db, change, Say(SyncText.ChangeGivenUp, place, SyncText.ChangeLost), token);
                    }
                    else
                    {
                        db.ServerChanges.Remove(change);
                        await db.SaveChangesAsync(token);
                        await places.FollowAsync(db, change.MailboxId, [change.MessageId], token);
                        if (change.Kind is ServerChangeKind.Erase)
                        {
                            await EraseAsync(db, change.MessageId, token);
                        }
                    }
                }

                await db.SaveChangesAsync(token);
            },
            cancellationToken);

    /// <summary>For a moment, as where the folder numbers its messages anew.</summary>
    internal Task PutOffAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            (await TrackedAsync(db, ids, token)).ForEach(change => change.NextAttemptAt = clock.GetUtcNow() + s_firstPause);
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>Messages that were to be moved into a folder that is gone are shown where they lie.</summary>
    /// <returns>That, in words.</returns>
    internal Task<string> TargetGoneAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var name = "";
            foreach (var change in await TrackedAsync(db, ids, token))
            {
                name = await db.Folders.Where(f => f.Id == change.ToFolderId).Select(f => f.FullName).SingleOrDefaultAsync(token) ?? name;
                await undoing.RunAsync(db, [change], Actor.MailServer, SyncOrigin.Name, token);
            }

            return Say(SyncText.FolderGone, name);
        },
        cancellationToken);

    /// <returns>What was refused, in words.</returns>
    internal Task<string> RefusedAsync(IReadOnlyCollection<long> ids, string folder, string serverText, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var words = Say(SyncText.ChangeRefused, folder, serverText);
            foreach (var change in await TrackedAsync(db, ids, token))
            {
                if (!PutOff(change))
                {
                    await LeaveToPersonAsync(db, change, words = Say(SyncText.ChangeGivenUp, folder, serverText), token);
                    continue;
                }

                change.Refusal = words;
                if (change.Attempts == 1)
                {
                    await TellAsync(db, change, token);
                }
            }

            await db.SaveChangesAsync(token);
            return words;
        },
        cancellationToken);

    private Task LeaveToPersonAsync(EnneoDbContext db, ServerChange change, string words, CancellationToken cancellationToken)
    {
        (change.AwaitsPerson, change.Refusal) = (true, words);
        return TellAsync(db, change, cancellationToken);
    }

    private async Task TellAsync(EnneoDbContext db, ServerChange change, CancellationToken cancellationToken)
    {
        var ticketId = await db.Messages.Where(m => m.Id == change.MessageId).Select(m => (long?)m.TicketId).SingleOrDefaultAsync(cancellationToken);
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.ServerChangeRefused, Actor.MailServer, SyncOrigin.Name, clock, change.MailboxId, ticketId, change.MessageId,
            ("kind", null, change.Kind.ToString())));
    }

    /// <returns>A folder in which a message lies on the server, under whatever number; null when it lies in none.</returns>
    private static Task<string?> PlaceOfAsync(EnneoDbContext db, long messageId, CancellationToken cancellationToken) => db.Ledger
        .Where(e => e.MessageId == messageId && e.OnServer && db.Messages.Any(m => m.Id == messageId && m.OnServer))
        .Join(db.Folders, e => e.FolderId, f => f.Id, (_, f) => f.FullName)
        .FirstOrDefaultAsync(cancellationToken);

    private static string Say(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    /// <returns>False when it was tried often enough.</returns>
    private bool PutOff(ServerChange change)
    {
        change.Attempts++;
        change.NextAttemptAt = clock.GetUtcNow() + (s_firstPause * Math.Pow(2, change.Attempts - 1));
        return change.Attempts < MaxAttempts;
    }

    /// <summary>Once no folder holds it. What was sent from here stays in its thread.</summary>
    private async Task EraseAsync(EnneoDbContext db, long messageId, CancellationToken cancellationToken)
    {
        if (!await db.Ledger.AnyAsync(e => e.MessageId == messageId && e.OnServer, cancellationToken)
            && !await db.Outbox.AnyAsync(o => o.MessageId == messageId, cancellationToken))
        {
            if (await Erasure.RunAsync(db, removal, messageId, cancellationToken) is { } removed)
            {
                db.Activity.Add(removed.Entry(Actor.MailServer, SyncOrigin.Name, clock));
            }

            await db.SaveChangesAsync(cancellationToken);
        }
    }

    /// <summary>The row of the new place, with what is known already: the copy needs not be fetched.</summary>
    private async Task AddRowAsync(EnneoDbContext db, MailFolder folder, LedgerEntry old, UniqueId uid, CancellationToken cancellationToken)
    {
        if (folder.UidValidity == 0)
        {
            folder.UidValidity = uid.Validity; // never looked into, perhaps never to be synced
        }

        if (folder.UidValidity != uid.Validity)
        {
            return;
        }

        if (await db.Ledger.AsTracking().SingleOrDefaultAsync(e => e.FolderId == folder.Id && e.UidValidity == uid.Validity && e.Uid == uid.Id, cancellationToken) is { } known)
        {
            if (!known.OnServer && known.MessageId == old.MessageId) // it lay there before, and Graph's number stays
            {
                (known.OnServer, known.Seen, known.Flagged) = (true, old.Seen, old.Flagged);
                folder.ServerCount++;
            }

            return;
        }

        folder.ServerCount++;
        db.Ledger.Add(new LedgerEntry
        {
            FolderId = folder.Id,
            UidValidity = uid.Validity,
            Uid = uid.Id,
            Outcome = LedgerOutcome.Duplicate,
            OnServer = true,
            SourceId = old.SourceId,
            ReceivedAt = old.ReceivedAt,
            Seen = old.Seen,
            Flagged = old.Flagged,
            IsHistory = old.IsHistory,
            StoredAt = clock.GetUtcNow(),
            MessageId = old.MessageId,
        });
    }

    /// <summary>By id: a change of mind made meanwhile is a row of its own and stays queued.</summary>
    private static Task RemoveAsync(EnneoDbContext db, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        db.ServerChanges.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);

    private static Task<List<ServerChange>> TrackedAsync(EnneoDbContext db, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        db.ServerChanges.AsTracking().Where(c => ids.Contains(c.Id)).ToListAsync(cancellationToken);

    private static Task<List<LedgerEntry>> RowsAsync(EnneoDbContext db, IReadOnlyCollection<ServerCopy> copies, CancellationToken cancellationToken)
    {
        var ids = copies.Select(copy => copy.LedgerId).ToList();
        return db.Ledger.AsTracking().Where(e => ids.Contains(e.Id)).ToListAsync(cancellationToken);
    }
}
