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
    MessagePlaces places,
    FolderTransfer transfer,
    FlagSync flags,
    KnownMail known,
    TimeProvider clock,
    ILogger<FolderSync> logger)
{
    /// <summary>Where the server does not count changes, a quiet folder is compared message by message this often.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(5);

    internal async Task RunAsync(Mailbox mailbox, FolderToSync target, ImapClient client, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var remote = target.Remote;
        var folder = await LookFurtherBackAsync(mailbox, target.Folder, cancellationToken);
        if (!remote.IsOpen && !target.StatusIsKnown && folder.HistoryComplete)
        {
            await remote.StatusAsync(FolderDiscovery.Watched(client), cancellationToken); // without leaving the folder that is open
        }

        var countsAreFresh = !remote.IsOpen || target.StatusIsKnown;
        if (countsAreFresh && NothingChanged(folder, remote))
        {
            return;
        }

        if (!remote.IsOpen)
        {
            await remote.OpenAsync(FolderAccess.ReadOnly, cancellationToken);
        }

        var next = countsAreFresh ? remote.UidNext?.Id ?? 0 : 0;
        folder = await CheckUidValidityAsync(mailbox, folder, remote, cancellationToken);
        if (!folder.HistoryComplete)
        {
            vanishings.CompareAnew(folder);
        }

        var missing = await known.ExceptAsync(mailbox, folder, remote, await MissingAsync(folder, remote, next, cancellationToken), cancellationToken);
        if (missing.Count > 0)
        {
            await TransferAsync(mailbox, folder, remote, missing, cancellationToken);
        }

        var modSeq = await flags.RunAsync(folder, remote, vanishings, cancellationToken);
        await ReconcileAsync(mailbox, folder, remote, vanishings, cancellationToken);
        await SaveCursorAsync(folder, remote, modSeq, next, vanishings.CountOf(folder), cancellationToken);
    }

    private bool NothingChanged(MailFolder folder, ImapFolder remote) =>
        folder is { HistoryComplete: true, Problem: null }
        && remote.UidValidity == folder.UidValidity
        && remote.Count == folder.ServerCount
        && remote.UidNext is { } next && next.Id <= folder.HighestUid + 1
        && (folder.HighestModSeq > 0 ? remote.HighestModSeq == folder.HighestModSeq : IsQuiet(folder, remote));

    private bool IsQuiet(MailFolder folder, ImapFolder remote) =>
        folder.Role is not FolderRole.Inbox && remote.Unread == folder.ServerUnread && clock.GetUtcNow() - folder.LookedAt < s_quiet;

    /// <summary>When more of the past is wanted than before, what was left out is asked for again.</summary>
    private async Task<MailFolder> LookFurtherBackAsync(Mailbox mailbox, MailFolder folder, CancellationToken cancellationToken)
    {
        if (folder.LeftOutBefore == mailbox.Since)
        {
            return folder;
        }

        await ledger.AskAgainAsync(folder, mailbox.Since, cancellationToken);
        return await FindAsync(folder.Id, cancellationToken);
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
        return await FindAsync(folder.Id, cancellationToken);
    }

    private async Task<IReadOnlyList<uint>> MissingAsync(MailFolder folder, ImapFolder remote, uint next, CancellationToken cancellationToken)
    {
        if (!folder.HistoryComplete)
        {
            var listed = await remote.SearchAsync(SearchQuery.All, cancellationToken);
            return SyncPlan.Between([.. listed.Select(uid => uid.Id)], await ledger.UidsAsync(folder, cancellationToken)).Missing;
        }

        if (next > 0 && next <= folder.HighestUid + 1 && remote.Count == folder.ServerCount)
        {
            return [];
        }

        // "n:*" always names the last message, even if it is older than n (RFC 9051, section 6.4.9).
        var recent = await remote.SearchAsync(
            SearchQuery.Uids(new UniqueIdRange(new UniqueId(folder.HighestUid + 1), UniqueId.MaxValue)), cancellationToken);
        var above = await ledger.UidsAboveAsync(folder, folder.HighestUid, cancellationToken); // such as what was moved here from here
        return [.. recent.Select(uid => uid.Id).Where(uid => uid > folder.HighestUid).Except(above).OrderDescending()];
    }

    private async Task TransferAsync(
        Mailbox mailbox, MailFolder folder, ImapFolder remote, IReadOnlyList<uint> missing, CancellationToken cancellationToken)
    {
        // Newest first moves the cursor at once: until all is here, only a full listing tells what is missing.
        await lane.RunAsync(
            (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set.SetProperty(f => f.ServerCount, remote.Count).SetProperty(f => f.HistoryComplete, false), token),
            cancellationToken);
        await transfer.RunAsync(mailbox, folder, remote, missing, cancellationToken);
    }

    /// <summary>
    /// When the counts still differ, something was deleted, or the server told us less than it has. A
    /// listing is believed only if it is as long as the server says: a truncated one must not delete anything.
    /// </summary>
    private async Task ReconcileAsync(Mailbox mailbox, MailFolder folder, ImapFolder remote, Vanishings vanishings, CancellationToken cancellationToken)
    {
        if (await ledger.CountOnServerAsync(folder, cancellationToken) - vanishings.CountOf(folder) == remote.Count)
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
        vanishings.Set(folder, plan.Vanished);
        await places.ReturnAsync(folder, plan.Returned, cancellationToken);
        if (plan.Missing.Count > 0)
        {
            await TransferAsync(mailbox, folder, remote, plan.Missing, cancellationToken);
        }
    }

    /// <param name="next">What UIDNEXT was before we looked: all that lies below is in the ledger. 0 if it is not known.</param>
    /// <param name="vanished">Not settled yet: until they are, the counts differ, so that a crash does not hide them.</param>
    private Task SaveCursorAsync(MailFolder folder, ImapFolder remote, ulong modSeq, uint next, int vanished, CancellationToken cancellationToken)
    {
        var count = remote.Count + vanished;
        var highest = next == 0 ? 0 : next - 1;
        var now = clock.GetUtcNow();
        return lane.RunAsync(
            (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.ServerCount, count)
                    .SetProperty(f => f.ServerUnread, remote.Unread)
                    .SetProperty(f => f.HighestModSeq, modSeq)
                    .SetProperty(f => f.HighestUid, f => f.HighestUid > highest ? f.HighestUid : highest)
                    .SetProperty(f => f.LookedAt, now)
                    .SetProperty(f => f.Problem, (string?)null)
                    .SetProperty(f => f.HistoryComplete, true),
                token),
            cancellationToken);
    }

    private async Task<MailFolder> FindAsync(long folderId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Folders.AsNoTracking().SingleAsync(f => f.Id == folderId, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: UIDVALIDITY of folder {FolderId} went from {Old} to {New}, matching its mail again")]
    private partial void LogUidValidityChanged(long mailboxId, long folderId, uint old, uint @new);

    [LoggerMessage(LogLevel.Warning, "Mailbox {MailboxId}: folder {FolderId} listed {Listed} of {Count} messages; nothing is taken as deleted")]
    private partial void LogListingIncomplete(long mailboxId, long folderId, int listed, int count);
}
