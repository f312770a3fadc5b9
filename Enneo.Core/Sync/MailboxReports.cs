using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>The ledger of a mailbox, counted.</summary>
/// <param name="Difference">Messages the server lists in the synced folders, less <paramref name="OnServer"/>: 0 when nothing is missing.</param>
public sealed record LedgerCounts(int Announced, int Imported, int Duplicate, int Filtered, int Failed, int GoneBeforeFetch, int Erased, int OnServer, int Difference);

/// <summary>From the server's receipt to our screens, over the last 200 news.</summary>
public sealed record DelayFigures(TimeSpan? P50, TimeSpan? P95);

/// <summary>A mailbox and how it is doing.</summary>
public sealed record MailboxReport(Mailbox Mailbox, MailboxStatus Status, LedgerCounts Ledger, DelayFigures Delay, int WaitingAnswers);

/// <summary>A mail that is stored but could not be read.</summary>
public sealed record FailedMail(long LedgerId, long? MessageId, string Folder, uint Uid, DateTimeOffset ReceivedAt, string Failure);

/// <summary>The reads behind the list of mailboxes, <c>mailbox status</c> and readiness.</summary>
public sealed class MailboxReports(IDbContextFactory<EnneoDbContext> dbFactory, FailedMailRetry retry)
{
    private const int DelaySample = 200;

    public async Task<IReadOnlyList<MailboxReport>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailboxes = await db.Mailboxes.AsNoTracking().Where(m => m.RemovedAt == null).OrderBy(m => m.Name).ToListAsync(cancellationToken);
        var statuses = await db.MailboxStatuses.AsNoTracking().ToDictionaryAsync(s => s.MailboxId, cancellationToken);
        var listed = await db.Folders.Where(f => f.IsSynced).GroupBy(f => f.MailboxId).Select(g => new { g.Key, Count = g.Sum(f => f.ServerCount) })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var waiting = await db.Outbox
            .Where(o => o.State == DeliveryState.Queued || o.State == DeliveryState.Sending || o.State == DeliveryState.Uncertain)
            .GroupBy(o => o.MailboxId).Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var rows = await CountRowsAsync(db, cancellationToken);

        List<MailboxReport> reports = [];
        foreach (var mailbox in mailboxes)
        {
            reports.Add(new MailboxReport(
                mailbox,
                statuses.GetValueOrDefault(mailbox.Id) ?? new MailboxStatus { MailboxId = mailbox.Id },
                Count([.. rows.Where(r => r.MailboxId == mailbox.Id)], listed.GetValueOrDefault(mailbox.Id)),
                await DelayAsync(db, mailbox.Id, cancellationToken),
                waiting.GetValueOrDefault(mailbox.Id)));
        }

        return reports;
    }

    public async Task<IReadOnlyList<FailedMail>> FailedAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            where folder.MailboxId == mailboxId && entry.Outcome == LedgerOutcome.Failed
            orderby entry.ReceivedAt descending
            select new FailedMail(entry.Id, entry.MessageId, folder.FullName, entry.Uid, entry.ReceivedAt, entry.Failure ?? ""))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Parses the mailbox's failed mails again.</summary>
    /// <returns>How many can be read now.</returns>
    public Task<int> RetryFailedAsync(long mailboxId, CancellationToken cancellationToken) => retry.RunAsync(mailboxId, cancellationToken);

    private static Task<List<RowCount>> CountRowsAsync(EnneoDbContext db, CancellationToken cancellationToken) => (
        from entry in db.Ledger
        join folder in db.Folders on entry.FolderId equals folder.Id
        group entry by new { folder.MailboxId, entry.Outcome, OnServer = entry.OnServer && folder.IsSynced } into rows
        select new RowCount(rows.Key.MailboxId, rows.Key.Outcome, rows.Key.OnServer, rows.Count())).ToListAsync(cancellationToken);

    private static LedgerCounts Count(IReadOnlyList<RowCount> rows, int listed)
    {
        int Of(LedgerOutcome outcome) => rows.Where(row => row.Outcome == outcome).Sum(row => row.Count);
        var onServer = rows.Where(row => row.OnServer).Sum(row => row.Count);
        return new(
            rows.Sum(row => row.Count),
            Of(LedgerOutcome.Imported),
            Of(LedgerOutcome.Duplicate),
            Of(LedgerOutcome.Filtered),
            Of(LedgerOutcome.Failed),
            Of(LedgerOutcome.GoneBeforeFetch),
            Of(LedgerOutcome.Erased),
            onServer,
            listed - onServer);
    }

    private static async Task<DelayFigures> DelayAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var news = await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            where folder.MailboxId == mailboxId && folder.Role == FolderRole.Inbox && !entry.IsHistory && entry.SourceId != null
            orderby entry.Id descending
            select new { entry.ReceivedAt, entry.StoredAt }).Take(DelaySample).ToListAsync(cancellationToken);

        // INTERNALDATE has whole seconds and the server's clock, so a delay below zero is none.
        var delays = news.Select(n => n.StoredAt > n.ReceivedAt ? n.StoredAt - n.ReceivedAt : TimeSpan.Zero).Order().ToList();
        return delays.Count == 0 ? new(null, null) : new(delays[delays.Count / 2], delays[delays.Count * 95 / 100]);
    }

    private sealed record RowCount(long MailboxId, LedgerOutcome Outcome, bool OnServer, int Count);
}
