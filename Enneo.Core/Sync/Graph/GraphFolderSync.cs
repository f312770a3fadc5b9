using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync.Graph;

/// <summary>Makes one folder's ledger equal to what Graph tells of it. Safe to repeat and to interrupt at any point.</summary>
public sealed class GraphFolderSync(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Ledger ledger, GraphNumbers numbers, GraphReturns returns, Recognition recognition, GraphRefusals refusals, GraphTransfer transfer, MessagePlaces places, FlagSync flags, TimeProvider clock)
{
    /// <summary>A folder that counts as before may still have other flags; it is asked for them this often.</summary>
    private static readonly TimeSpan s_quiet = TimeSpan.FromMinutes(5);

    /// <summary>What changed is believed; what lies there is listed anew this often all the same.</summary>
    private static readonly TimeSpan s_listing = TimeSpan.FromDays(1);

    /// <returns>How far it was read, to be kept once what was found is settled; and in words, which mail could not be read.</returns>
    internal async Task<(GraphFolder? Looked, string? Problem)> RunAsync(
        Mailbox mailbox, GraphFolderToSync target, GraphMailbox remote, Vanishings vanishings, CancellationToken cancellationToken)
    {
        var (state, listed) = (target.State, target.Listed);
        var folder = await PrepareAsync(mailbox, target.Folder, state, cancellationToken);
        if (vanishings.IsEmpty && IsQuiet(folder, state, listed)) // what left another folder may have come here
        {
            return (null, null);
        }

        var (changes, isListing) = await ChangesAsync(folder, state, remote, cancellationToken);
        var told = await returns.RunAsync(folder, remote, changes.Items, cancellationToken);
        var items = await numbers.NumberAsync(folder, await CompleteAsync(folder, remote, told, cancellationToken), cancellationToken);
        var known = isListing
            ? await ledger.UidsAsync(folder, cancellationToken)
            : await ledger.UidsAmongAsync(folder, items.Listed.Keys.Concat(items.Left), cancellationToken);
        var plan = SyncPlan.Between([.. items.Listed.Keys], known);
        var left = isListing ? plan.Vanished : items.Left.Where(uid => known.GetValueOrDefault(uid));
        List<uint> vanished = [.. vanishings.Of(folder).Union(left).Except(items.Listed.Keys)]; // a second look is told of a new number no more
        vanishings.Set(folder, vanished);
        await places.ReturnAsync(folder, plan.Returned, cancellationToken);
        var wanted = await WantedAsync(folder, items, plan.Missing, cancellationToken);
        var again = (await refusals.DueAsync(folder, isListing, cancellationToken)).ExceptBy(vanished, mail => mail.Uid);
        List<WantedMail> mails = [.. wanted.Select(uid => new WantedMail(uid, items.Listed[uid])), .. again];
        var (problem, isComplete) = mails.Count == 0 ? new GraphTransferred(null, IsComplete: true) : await transfer.RunAsync(mailbox, folder, remote, mails, cancellationToken);
        if (isComplete && (!folder.HistoryComplete || (isListing && folder.Role is not (FolderRole.Sent or FolderRole.Drafts)))) // what was just sent or saved from here may be on its way
        {
            vanishings.CompareAnew(folder);
        }

        await flags.ApplyAsync(
            folder, items.Listed.ExceptBy(wanted, pair => pair.Key).ToDictionary(pair => pair.Key, pair => new CopyFlags(pair.Value.IsRead, pair.Value.IsFlagged)), cancellationToken);
        var count = isListing ? items.Listed.Count + vanished.Count : await ledger.CountOnServerAsync(folder, cancellationToken);
        await SaveAsync(folder, count, listed.Unread, problem, isComplete || folder.HistoryComplete, cancellationToken);
        return (
            !isComplete ? null : new GraphFolder // else the same is told again
            {
                FolderId = folder.Id,
                GraphId = state.GraphId,
                UidValidity = state.UidValidity,
                Link = changes.Link,
                ListedAt = isListing ? clock.GetUtcNow() : state.ListedAt,
                Total = listed.Total,
                Unread = listed.Unread,
            },
            problem);
    }

    private bool IsQuiet(MailFolder folder, GraphFolder state, GraphListedFolder listed) =>
        folder is { HistoryComplete: true, Problem: null, Role: not FolderRole.Inbox }
        && state.Link is not null && (state.Total, state.Unread) == (listed.Total, listed.Unread)
        && clock.GetUtcNow() - folder.LookedAt < s_quiet;

    /// <summary>Where it was read by IMAP, or less of the past was wanted, it begins anew.</summary>
    private async Task<MailFolder> PrepareAsync(Mailbox mailbox, MailFolder folder, GraphFolder state, CancellationToken cancellationToken)
    {
        var (asksAgain, startsOver) = (folder.LeftOutBefore != mailbox.Since, folder.UidValidity != state.UidValidity);
        if (asksAgain)
        {
            await ledger.AskAgainAsync(folder, mailbox.Since, cancellationToken);
        }

        if (startsOver)
        {
            await ledger.StartOverAsync(folder, state.UidValidity, cancellationToken);
        }

        if (!folder.HistoryComplete && !startsOver)
        {
            await ledger.LeaveOtherNumbersAsync(folder, cancellationToken);
        }

        if (!asksAgain && !startsOver)
        {
            return folder;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Folders.AsNoTracking().SingleAsync(f => f.Id == folder.Id, cancellationToken);
    }

    /// <summary>All that lies there, or what changed since the last look; all again where Graph has forgotten when that was (410).</summary>
    private async Task<(GraphChanges Changes, bool IsListing)> ChangesAsync(MailFolder folder, GraphFolder state, GraphMailbox remote, CancellationToken cancellationToken)
    {
        var link = folder.HistoryComplete && clock.GetUtcNow() - state.ListedAt < s_listing ? state.Link : null;
        if (link is not null && await remote.ChangesAsync(state.GraphId, link, cancellationToken) is { } changes)
        {
            return (changes, false);
        }

        return await remote.ChangesAsync(state.GraphId, null, cancellationToken) is { } all ? (all, true)
            : throw MailConnectionException.BeforeSigningIn(
                ConnectionProblem.CommandRefused,
                await remote.HasFolderAsync(state.GraphId, cancellationToken) ? SyncText.GraphListingVoid : SyncText.GraphFolderGone); // the next list of folders will not have it
    }

    /// <summary>A change may name what changed alone; of what is new here everything has to be known.</summary>
    private async Task<List<GraphItem>> CompleteAsync(MailFolder folder, GraphMailbox remote, IReadOnlyList<GraphItem> items, CancellationToken cancellationToken)
    {
        var bare = items.Where(item => item is { IsRemoved: false, ReceivedAt: null }).ToList();
        if (bare.Count == 0)
        {
            return [.. items];
        }

        var unknown = await numbers.UnknownAsync(folder.Id, [.. bare.Select(item => item.Id)], cancellationToken);
        List<GraphItem> complete = [];
        foreach (var item in items)
        {
            var whole = unknown.Contains(item.Id) ? await FindAsync(remote, item, cancellationToken) : item;
            complete.AddRange(whole is null ? [] : [whole]);
        }

        return complete;
    }

    /// <summary>One that Graph does not show is asked for as it is, and is not given then.</summary>
    private static async Task<GraphItem?> FindAsync(GraphMailbox remote, GraphItem item, CancellationToken cancellationToken)
    {
        try
        {
            return await remote.FindAsync(item.Id, cancellationToken);
        }
        catch (MailConnectionException refused) when (refused.Problem is ConnectionProblem.CommandRefused or ConnectionProblem.ServerUnavailable)
        {
            return item;
        }
    }

    /// <param name="missing">Newest first.</param>
    /// <returns>Those that are not here yet, in the same order.</returns>
    private async Task<List<uint>> WantedAsync(MailFolder folder, NumberedItems items, IReadOnlyList<uint> missing, CancellationToken cancellationToken)
    {
        var known = (await recognition.ByGraphIdAsync(folder, missing.ToDictionary(uid => uid, uid => items.Listed[uid].Id), cancellationToken)).ToHashSet();
        if (!folder.HistoryComplete)
        {
            var listed = missing.Where(uid => !known.Contains(uid) && items.Listed[uid] is { ReceivedAt: not null, IsDraft: not true })
                .Select(uid => new ListedMail(uid, MessageIds.In(items.Listed[uid].InternetMessageId).FirstOrDefault() ?? "", items.Listed[uid].ReceivedAt!.Value));
            known.UnionWith(await recognition.ByMessageIdAsync(folder, [.. listed], cancellationToken));
        }

        return [.. missing.Where(uid => !known.Contains(uid))];
    }

    /// <param name="count">With what vanished: until that is settled, the counts differ, so that a crash does not hide it.</param>
    private Task SaveAsync(MailFolder folder, int count, int unread, string? problem, bool historyComplete, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync(
            (db, token) => db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(
                set => set
                    .SetProperty(f => f.ServerCount, count)
                    .SetProperty(f => f.ServerUnread, unread)
                    .SetProperty(f => f.LookedAt, now)
                    .SetProperty(f => f.Problem, problem)
                    .SetProperty(f => f.HistoryComplete, historyComplete),
                token),
            cancellationToken);
    }
}
