using System.Collections.Concurrent;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync.Graph;

/// <summary>Mail that Graph lists and did not give: it stands in the ledger as failed, without bytes, and is asked for again.</summary>
public sealed class GraphRefusals(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <summary>Tries, in a row.</summary>
    private const int Often = 3;

    /// <summary>Tries that follow one another sooner are one: a run may look twice, and the next one begin at once.</summary>
    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(30);

    /// <summary>For so long with every look; later, whenever everything is listed.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(long FolderId, string GraphId), Stumbles> _stumbles = new();

    /// <param name="isListing">Everything was listed.</param>
    internal async Task<IReadOnlyList<WantedMail>> DueAsync(MailFolder folder, bool isListing, CancellationToken cancellationToken)
    {
        var after = isListing ? DateTimeOffset.MinValue : clock.GetUtcNow() - s_fresh;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var due = await (
            from entry in Of(db, folder)
            join number in db.GraphNumbers on new { entry.FolderId, entry.Uid } equals new { number.FolderId, number.Uid }
            where entry.OnServer && entry.StoredAt > after && entry.Failure != SyncText.TooLarge
            orderby entry.Uid descending
            select new { entry.Uid, number.GraphId, entry.ReceivedAt, entry.Seen, entry.Flagged }).Take(AtOnce).ToListAsync(cancellationToken);
        return [.. due.Select(mail => new WantedMail(
            mail.Uid, new GraphItem(mail.GraphId, IsRemoved: false, mail.ReceivedAt, mail.Seen, mail.Flagged, IsDraft: null, InternetMessageId: null, ChangeKey: null), IsAgain: true))];
    }

    /// <summary>Graph was busy or too slow when it was asked for one mail, and opens the mailbox: that may pass.</summary>
    /// <returns>Whether it was so time and again, so that it is the mail's own fault.</returns>
    internal bool IsOften(MailFolder folder, string graphId)
    {
        var now = clock.GetTimestamp();
        return _stumbles.AddOrUpdate(
            (folder.Id, graphId), new Stumbles(1, now), (_, before) => clock.GetElapsedTime(before.At, now) < s_apart ? before : new Stumbles(before.Times + 1, now)).Times >= Often;
    }

    /// <summary>They are here now, or gone.</summary>
    internal void Settle(MailFolder folder, IEnumerable<string> graphIds)
    {
        foreach (var id in graphIds)
        {
            _stumbles.TryRemove((folder.Id, id), out _);
        }
    }

    /// <summary>A person wants all of them now: they count as fresh once more. Within a transaction of the writer lane.</summary>
    /// <returns>Whether there are any.</returns>
    internal async Task<bool> AskAgainAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var (now, isAny) = (clock.GetUtcNow(), false);
        foreach (var folder in await db.Folders.AsNoTracking().Where(f => f.MailboxId == mailboxId).ToListAsync(cancellationToken))
        {
            if (await Of(db, folder).Where(e => e.OnServer && e.Failure != SyncText.TooLarge).ExecuteUpdateAsync(set => set.SetProperty(e => e.StoredAt, now), cancellationToken) > 0)
            {
                isAny = true;
                await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.LookedAt, (DateTimeOffset?)null), cancellationToken); // it is looked into although it counts as before
            }
        }

        return isAny;
    }

    private static IQueryable<LedgerEntry> Of(EnneoDbContext db, MailFolder folder) => db.Ledger.Where(
        e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.Outcome == LedgerOutcome.Failed && e.SourceId == null && e.MessageId == null);

    /// <param name="At">When the last one was counted, by the clock's timestamps.</param>
    private readonly record struct Stumbles(int Times, long At);
}
