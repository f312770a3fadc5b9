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

    /// <summary>Runs, in a row.</summary>
    private const int Often = 3;

    /// <summary>For so long with every look; later, whenever everything is listed.</summary>
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(long FolderId, string GraphId), int> _stumbles = new();

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
    internal bool IsOften(MailFolder folder, string graphId) => _stumbles.AddOrUpdate((folder.Id, graphId), 1, (_, before) => before + 1) >= Often;

    /// <summary>They are here now, or gone.</summary>
    internal void Settle(MailFolder folder, IEnumerable<string> graphIds)
    {
        foreach (var id in graphIds)
        {
            _stumbles.TryRemove((folder.Id, id), out _);
        }
    }

    private static IQueryable<LedgerEntry> Of(EnneoDbContext db, MailFolder folder) => db.Ledger.Where(
        e => e.FolderId == folder.Id && e.UidValidity == folder.UidValidity && e.Outcome == LedgerOutcome.Failed && e.SourceId == null && e.MessageId == null);
}
