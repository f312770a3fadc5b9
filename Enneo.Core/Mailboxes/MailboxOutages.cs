using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Mailboxes;

/// <summary>A mailbox that has not worked for so long that admins are told.</summary>
/// <param name="Message">In words, what is wrong now and what to do.</param>
/// <param name="IsAlerted">They were written to.</param>
public sealed record MailboxOutage(long MailboxId, string Name, string Address, string Message, DateTimeOffset Since, bool IsAlerted);

/// <summary>The doctor's records: what ails mailboxes, and what did. For admins.</summary>
public sealed class MailboxOutages(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, IOptions<AlertOptions> options, TimeProvider clock)
{
    /// <returns>The newest failures of a mailbox first.</returns>
    public async Task<IReadOnlyList<MailboxFailure>> HistoryAsync(long mailboxId, int most, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.MailboxFailures.AsNoTracking().Where(f => f.MailboxId == mailboxId).OrderByDescending(f => f.Id).Take(most).ToListAsync(cancellationToken);
    }

    /// <returns>Those that have lasted for <see cref="AlertOptions.MailboxDownFor"/>, the longest first.</returns>
    public async Task<IReadOnlyList<MailboxOutage>> LastingAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var latest = clock.GetUtcNow() - options.Value.MailboxDownFor;
        return await db.MailboxFailures
            .Where(f => f.EndedAt == null && f.OutageSince <= latest)
            .Join(db.Mailboxes.Where(m => m.Enabled && m.RemovedAt == null), f => f.MailboxId, m => m.Id, (f, m) => new { Failure = f, Mailbox = m })
            .OrderBy(row => row.Failure.OutageSince)
            .Select(row => new MailboxOutage(row.Mailbox.Id, row.Mailbox.Name, row.Mailbox.Address, row.Failure.Message, row.Failure.OutageSince, row.Failure.AlertedAt != null))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Admins were written to: once for each outage.</summary>
    internal Task AlertedAsync(IReadOnlyCollection<long> mailboxIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync(
            (db, token) => db.MailboxFailures.Where(f => f.EndedAt == null && mailboxIds.Contains(f.MailboxId)).ExecuteUpdateAsync(set => set.SetProperty(f => f.AlertedAt, now), token),
            cancellationToken);
    }
}
