using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Carries to the server what was changed here. A change stays queued until the server has taken it.</summary>
public sealed class ServerChanges(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane)
{
    internal async Task PushAsync(Mailbox mailbox, ImapClient client, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var changes = await db.ServerChanges.AsNoTracking().Where(c => c.MailboxId == mailbox.Id && c.Kind == ServerChangeKind.Seen).ToListAsync(cancellationToken);
        if (changes.Count == 0)
        {
            return;
        }

        var messageIds = changes.Select(c => (long?)c.MessageId).ToList();
        var copies = await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            where entry.OnServer && entry.UidValidity == folder.UidValidity && messageIds.Contains(entry.MessageId)
            select new Copy(entry.Id, folder.FullName, entry.UidValidity, entry.Uid, entry.MessageId ?? 0))
            .ToListAsync(cancellationToken);

        var seenOf = changes.ToDictionary(c => c.MessageId, c => c.Value);
        foreach (var group in copies.GroupBy(copy => (copy.Folder, copy.UidValidity, Seen: seenOf[copy.MessageId])))
        {
            var remote = (ImapFolder)await client.GetFolderAsync(group.Key.Folder, cancellationToken);
            await remote.OpenAsync(FolderAccess.ReadWrite, cancellationToken);
            if (remote.UidValidity == group.Key.UidValidity)
            {
                var action = group.Key.Seen ? StoreAction.Add : StoreAction.Remove;
                await remote.StoreAsync(
                    [.. group.Select(copy => new UniqueId(copy.Uid))],
                    new StoreFlagsRequest(action, MessageFlags.Seen) { Silent = true },
                    cancellationToken);
            }
        }

        await SettleAsync(changes, copies, seenOf, cancellationToken);
    }

    private Task SettleAsync(
        List<ServerChange> changes, List<Copy> copies, Dictionary<long, bool> seenOf, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            // By id: a change of mind made meanwhile is a row of its own and stays queued.
            var ids = changes.Select(c => c.Id).ToList();
            await db.ServerChanges.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(token);
            foreach (var copy in copies)
            {
                var seen = seenOf[copy.MessageId];
                await db.Ledger.Where(e => e.Id == copy.LedgerId).ExecuteUpdateAsync(set => set.SetProperty(e => e.Seen, seen), token);
            }
        },
        cancellationToken);

    private sealed record Copy(long LedgerId, string Folder, uint UidValidity, uint Uid, long MessageId);
}
