using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Keeps where messages lie true to the ledger, and their tickets with them.</summary>
public sealed class MessagePlaces(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TicketRemoval removal, JunkFollowing junk, TimeProvider clock)
{
    private const int Batch = 500;

    /// <summary>Looks into all folders, and settles what is gone.</summary>
    /// <param name="lookAsync">Returns in words what could not be looked at; null when all could.</param>
    /// <returns>The same.</returns>
    internal async Task<string?> LookAsync(long mailboxId, Vanishings vanishings, Func<Task<string?>> lookAsync, CancellationToken cancellationToken)
    {
        var problem = await lookAsync();
        if (!vanishings.IsEmpty && await LeavesNowhereAsync(vanishings, cancellationToken))
        {
            // Moved, perhaps, into a folder that had been looked at before.
            problem = await lookAsync();
        }

        if (problem is not null)
        {
            vanishings.MovedUnseen.Clear(); // they may lie in the folder that could not be looked into
        }

        await SettleAsync(mailboxId, vanishings, cancellationToken);
        return problem;
    }

    /// <summary>Whether a message would lie nowhere once this is settled: a reason to look once more before that is believed.</summary>
    private async Task<bool> LeavesNowhereAsync(Vanishings vanishings, CancellationToken cancellationToken)
    {
        if (vanishings.Folders.Any())
        {
            return true;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        foreach (var (folder, uids) in vanishings.Messages)
        {
            foreach (var chunk in uids.Chunk(Batch))
            {
                var nowhere = db.Ledger
                    .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && chunk.Contains(e.Uid) && e.MessageId != null)
                    .Where(e => !db.Ledger.Any(other => other.MessageId == e.MessageId && other.OnServer && other.FolderId != folder.Id));
                if (await nowhere.AnyAsync(cancellationToken))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Writes down what a run found to be no longer there.</summary>
    private async Task SettleAsync(long mailboxId, Vanishings vanishings, CancellationToken cancellationToken)
    {
        foreach (var (folder, uids) in vanishings.Messages)
        {
            foreach (var chunk in uids.Chunk(Batch))
            {
                await lane.RunAsync((db, token) => SettleAsync(db, folder, chunk, token), cancellationToken);
            }
        }

        foreach (var chunk in vanishings.MovedUnseen.Chunk(Batch))
        {
            await lane.RunAsync((db, token) => FollowAsync(db, mailboxId, chunk, token), cancellationToken);
        }

        foreach (var folder in vanishings.ComparedAnew)
        {
            foreach (var chunk in (await NotMetAgainAsync(folder, cancellationToken)).Chunk(Batch))
            {
                await lane.RunAsync((db, token) => FollowAsync(db, mailboxId, chunk, token), cancellationToken);
            }
        }

        foreach (var folder in vanishings.Folders)
        {
            await lane.RunAsync((db, token) => LeaveAsync(db, mailboxId, folder, token), cancellationToken);
        }
    }

    /// <returns>Messages that are shown in the folder although none of its rows says so, and that are not on their way there.</returns>
    private async Task<List<long>> NotMetAgainAsync(MailFolder folder, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var notMet = await db.MessageFolders
            .Where(p => p.FolderId == folder.Id && !db.Ledger.Any(e => e.MessageId == p.MessageId && e.FolderId == p.FolderId && e.OnServer))
            .Where(p => !db.ServerChanges.Any(c => c.MessageId == p.MessageId && c.Kind == ServerChangeKind.Move))
            .Select(p => p.MessageId)
            .ToListAsync(cancellationToken);
        var unread = notMet.Count == 0 ? [] : await db.Ledger
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.OnServer && e.Outcome == LedgerOutcome.Failed && e.SourceId == null && e.MessageId == null)
            .Select(e => e.ReceivedAt)
            .ToListAsync(cancellationToken);
        foreach (var at in unread) // what is listed and not given may be that very mail
        {
            var (from, to) = (at - Recognition.SameTime, at + Recognition.SameTime);
            var perhaps = await db.Ledger.Where(e => e.MessageId != null && notMet.Contains(e.MessageId.Value) && e.ReceivedAt >= from && e.ReceivedAt <= to).Select(e => e.MessageId!.Value).ToListAsync(cancellationToken);
            notMet = [.. notMet.Except(perhaps)];
        }

        return notMet;
    }

    /// <summary>Records that the server lists messages again.</summary>
    internal Task ReturnAsync(MailFolder folder, IReadOnlyCollection<uint> uids, CancellationToken cancellationToken) =>
        uids.Count == 0 ? Task.CompletedTask : lane.RunAsync(
            async (db, token) =>
            {
                foreach (var chunk in uids.Chunk(Batch))
                {
                    await FollowAsync(db, folder.MailboxId, await SetOnServerAsync(db, folder, chunk, onServer: true, token), token);
                }
            },
            cancellationToken);

    /// <summary>
    /// Brings messages to where the ledger says that they lie. What was moved here and is still on its way
    /// is newer than that; of mail that came from a file the ledger knows nothing. Within a transaction of the writer lane.
    /// </summary>
    internal async Task FollowAsync(EnneoDbContext db, long mailboxId, IReadOnlyCollection<long> messageIds, CancellationToken cancellationToken)
    {
        var messages = await db.Messages.AsTracking()
            .Where(m => messageIds.Contains(m.Id) && (!m.IsHistory || db.Ledger.Any(e => e.MessageId == m.Id)))
            .ToListAsync(cancellationToken);
        var folders = await db.Folders.Where(f => f.MailboxId == mailboxId).ToDictionaryAsync(f => f.Id, cancellationToken);
        Relocations relocations = new(db, clock);
        HashSet<long> tickets = [];
        HashSet<long> junked = [];
        HashSet<long> rescued = [];
        HashSet<long> restored = [];
        foreach (var message in messages)
        {
            var before = await db.MessageFolders.Where(p => p.MessageId == message.Id).Select(p => p.FolderId).ToListAsync(cancellationToken);
            var after = await db.Ledger.Where(e => e.MessageId == message.Id && e.OnServer).Select(e => e.FolderId).Distinct().ToListAsync(cancellationToken);
            var roles = before.ConvertAll(id => folders[id].Role);
            if (after.Count == 0 && roles.Count > 0 && roles.TrueForAll(role => role is FolderRole.Drafts))
            {
                // Sent, thrown away or saved anew by the program that it is written in.
                using (SearchWriter search = new(db))
                {
                    search.Remove(message.Id);
                }

                if (await removal.RemoveMessageAsync(db, message.Id, cancellationToken) is { } removed)
                {
                    db.Activity.Add(removed.Entry(Actor.MailServer, SyncOrigin.Name, clock, isDraft: true));
                }

                db.Entry(message).State = EntityState.Detached;
                continue;
            }

            if (after.Count == 0 && roles.Count > 0 && !roles.Exists(role => role is FolderRole.Trash or FolderRole.Junk) && AllMailOf(folders.Values) is { } allMail)
            {
                after = [allMail.Id];
            }

            tickets.Add(message.TicketId);
            if (await MoveAsync(db, relocations, message, before, after, cancellationToken) && message.Direction is MessageDirection.In)
            {
                FolderChange change = new(roles, after.ConvertAll(id => folders[id].Role));
                (change.IsIntoJunk ? junked : change.IsOutOfJunk ? rescued : change.IsOutOfTrash ? restored : []).Add(message.TicketId);
            }
        }

        await relocations.SettleAsync(tickets, Actor.MailServer, SyncOrigin.Name, cancellationToken);
        await new TicketFollowing(db, clock).RunAsync(mailboxId, tickets, SyncOrigin.Name, cancellationToken);
        await junk.RunAsync(db, mailboxId, junked, isSpam: true, SyncOrigin.Name, cancellationToken);
        await junk.RunAsync(db, mailboxId, [.. rescued, .. await SpamAmongAsync(db, restored, cancellationToken)], isSpam: false, SyncOrigin.Name, cancellationToken);
    }

    private static Task<List<long>> SpamAmongAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken) => db.Tickets
        .Where(t => ticketIds.Contains(t.Id) && (t.SpamStatus == SpamStatus.ManualSpam || t.SpamStatus == SpamStatus.AutoSpam || t.SpamStatus == SpamStatus.AutoProgrammatic))
        .Select(t => t.Id)
        .ToListAsync(cancellationToken);

    /// <summary>Where a server keeps everything in one folder that is not synced, mail that leaves another one lies only there: it was archived.</summary>
    private static MailFolder? AllMailOf(IEnumerable<MailFolder> folders) =>
        folders.FirstOrDefault(f => f is { IsVirtual: true, Role: FolderRole.Archive, IsListed: true, IsSynced: false });

    /// <returns>Whether the server still holds it, elsewhere than before.</returns>
    private static async Task<bool> MoveAsync(EnneoDbContext db, Relocations relocations, Message message, List<long> before, List<long> after, CancellationToken cancellationToken)
    {
        if (message.OnServer != after.Count > 0)
        {
            message.OnServer = after.Count > 0;
            relocations.OnServer(message, message.OnServer);
        }

        if (before.ToHashSet().SetEquals(after)
            || await db.ServerChanges.AnyAsync(c => c.MessageId == message.Id && c.Kind == ServerChangeKind.Move, cancellationToken))
        {
            return false;
        }

        await db.MessageFolders.Where(p => p.MessageId == message.Id && !after.Contains(p.FolderId)).ExecuteDeleteAsync(cancellationToken);
        db.MessageFolders.AddRange(after.Except(before).Select(folderId => new MessageFolder { MessageId = message.Id, FolderId = folderId }));
        if (after.Count > 0)
        {
            relocations.Moved(message, before, after);
        }

        return after.Count > 0;
    }

    private async Task SettleAsync(EnneoDbContext db, MailFolder folder, uint[] uids, CancellationToken cancellationToken)
    {
        var messageIds = await SetOnServerAsync(db, folder, uids, onServer: false, cancellationToken);
        await db.Folders.Where(f => f.Id == folder.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(f => f.ServerCount, f => f.ServerCount - uids.Length), cancellationToken);
        await FollowAsync(db, folder.MailboxId, messageIds, cancellationToken);
    }

    /// <summary>The server lists the folder no more. Should it come back, it is compared from the start.</summary>
    private async Task LeaveAsync(EnneoDbContext db, long mailboxId, MailFolder folder, CancellationToken cancellationToken)
    {
        var messageIds = await db.Ledger.Where(e => e.FolderId == folder.Id && e.OnServer && e.MessageId != null).Select(e => e.MessageId!.Value).Distinct().ToListAsync(cancellationToken);
        await db.Ledger.Where(e => e.FolderId == folder.Id && e.OnServer).ExecuteUpdateAsync(set => set.SetProperty(e => e.OnServer, false), cancellationToken);
        await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
            set => set
                .SetProperty(f => f.IsListed, false)
                .SetProperty(f => f.IsSynced, false)
                .SetProperty(f => f.ServerCount, 0)
                .SetProperty(f => f.HighestModSeq, 0ul)
                .SetProperty(f => f.HistoryComplete, false)
                .SetProperty(f => f.Problem, (string?)null),
            cancellationToken);
        foreach (var chunk in messageIds.Chunk(Batch))
        {
            await FollowAsync(db, mailboxId, chunk, cancellationToken);
        }
    }

    /// <returns>The messages whose copies these are.</returns>
    private static async Task<List<long>> SetOnServerAsync(
        EnneoDbContext db, MailFolder folder, uint[] uids, bool onServer, CancellationToken cancellationToken)
    {
        var rows = await db.Ledger.AsTracking()
            .Where(e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && uids.Contains(e.Uid))
            .ToListAsync(cancellationToken);
        rows.ForEach(row => row.OnServer = onServer);
        await db.SaveChangesAsync(cancellationToken);
        return [.. rows.Where(row => row.MessageId is not null).Select(row => row.MessageId!.Value).Distinct()];
    }
}
