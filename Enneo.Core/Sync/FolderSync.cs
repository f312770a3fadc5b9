using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MailFolder = Enneo.Core.Mailboxes.MailFolder;

namespace Enneo.Core.Sync;

/// <summary>Makes one folder's ledger equal to what the server lists. Safe to repeat and to interrupt at any point.</summary>
public sealed partial class FolderSync(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    Ledger ledger,
    FolderTransfer transfer,
    FlagSync flags,
    ILogger<FolderSync> logger)
{
    internal async Task RunAsync(Mailbox mailbox, MailFolder folder, ImapClient client, CancellationToken cancellationToken)
    {
        var remote = (ImapFolder)await client.GetFolderAsync(folder.FullName, cancellationToken);
        if (!remote.IsOpen && await NothingChangedAsync(folder, remote, cancellationToken))
        {
            return;
        }

        if (!remote.IsOpen)
        {
            await remote.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        }

        folder = await CheckUidValidityAsync(mailbox, folder, remote, cancellationToken);
        var missing = await MissingAsync(folder, remote, cancellationToken);
        if (missing.Count > 0)
        {
            await TransferAsync(mailbox, folder, remote, missing, cancellationToken);
        }

        await ReconcileAsync(mailbox, folder, remote, cancellationToken);
        var modSeq = await flags.RunAsync(folder, remote, cancellationToken);
        await SaveCursorAsync(folder, remote.Count, modSeq, historyComplete: true, cancellationToken);
    }

    /// <summary>STATUS answers without leaving the folder that is open.</summary>
    private static async Task<bool> NothingChangedAsync(MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        if (!folder.HistoryComplete || folder.HighestModSeq == 0)
        {
            return false;
        }

        await remote.StatusAsync(StatusItems.UidNext | StatusItems.UidValidity | StatusItems.Count | StatusItems.HighestModSeq, cancellationToken);
        return remote.UidValidity == folder.UidValidity
            && remote.Count == folder.ServerCount
            && remote.HighestModSeq == folder.HighestModSeq
            && remote.UidNext is { } next && next.Id <= folder.HighestUid + 1;
    }

    private async Task<MailFolder> CheckUidValidityAsync(Mailbox mailbox, MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        if (folder.UidValidity == remote.UidValidity)
        {
            return folder;
        }

        if (folder.UidValidity != 0)
        {
            LogUidValidityChanged(mailbox.Id, folder.Id, folder.UidValidity, remote.UidValidity);
        }

        await ledger.StartOverAsync(folder, remote.UidValidity, cancellationToken);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Folders.AsNoTracking().SingleAsync(f => f.Id == folder.Id, cancellationToken);
    }

    private async Task<IReadOnlyList<uint>> MissingAsync(MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        if (!folder.HistoryComplete)
        {
            var listed = await remote.SearchAsync(SearchQuery.All, cancellationToken);
            return SyncPlan.Between([.. listed.Select(uid => uid.Id)], await ledger.UidsAsync(folder, cancellationToken)).Missing;
        }

        if (remote.UidNext is { } next && next.Id <= folder.HighestUid + 1 && remote.Count == folder.ServerCount)
        {
            return [];
        }

        // "n:*" always names the last message, even if it is older than n (RFC 9051, section 6.4.9).
        var recent = await remote.SearchAsync(
            SearchQuery.Uids(new UniqueIdRange(new UniqueId(folder.HighestUid + 1), UniqueId.MaxValue)), cancellationToken);
        return [.. recent.Select(uid => uid.Id).Where(uid => uid > folder.HighestUid).OrderDescending()];
    }

    private async Task TransferAsync(
        Mailbox mailbox, MailFolder folder, ImapFolder remote, IReadOnlyList<uint> missing, CancellationToken cancellationToken)
    {
        // Newest first moves the cursor at once: until all is here, only a full listing tells what is missing.
        await SaveCursorAsync(folder, remote.Count, folder.HighestModSeq, historyComplete: false, cancellationToken);
        await transfer.RunAsync(mailbox, folder, remote, missing, cancellationToken);
    }

    /// <summary>
    /// When the counts differ, something was deleted, or the server told us less than it has. A
    /// listing is believed only if it is as long as the server says: a truncated one must not delete anything.
    /// </summary>
    private async Task ReconcileAsync(Mailbox mailbox, MailFolder folder, ImapFolder remote, CancellationToken cancellationToken)
    {
        if (await ledger.CountOnServerAsync(folder, cancellationToken) == remote.Count)
        {
            return;
        }

        var listed = await remote.SearchAsync(SearchQuery.All, cancellationToken);
        if (listed.Count != remote.Count)
        {
            LogListingIncomplete(mailbox.Id, folder.Id, listed.Count, remote.Count);
            return;
        }

        var plan = SyncPlan.Between([.. listed.Select(uid => uid.Id)], await ledger.UidsAsync(folder, cancellationToken));
        await ledger.SetOnServerAsync(folder, plan.Vanished, onServer: false, cancellationToken);
        await ledger.SetOnServerAsync(folder, plan.Returned, onServer: true, cancellationToken);
        if (plan.Missing.Count > 0)
        {
            await TransferAsync(mailbox, folder, remote, plan.Missing, cancellationToken);
        }
    }

    private Task SaveCursorAsync(MailFolder folder, int serverCount, ulong modSeq, bool historyComplete, CancellationToken cancellationToken) =>
        lane.RunAsync(
            (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.ServerCount, serverCount)
                    .SetProperty(f => f.HighestModSeq, modSeq)
                    .SetProperty(f => f.HistoryComplete, historyComplete),
                token),
            cancellationToken);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: UIDVALIDITY of folder {FolderId} went from {Old} to {New}, matching its mail again")]
    private partial void LogUidValidityChanged(long mailboxId, long folderId, uint old, uint @new);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: folder {FolderId} listed {Listed} of {Count} messages; nothing is taken as deleted")]
    private partial void LogListingIncomplete(long mailboxId, long folderId, int listed, int count);
}
