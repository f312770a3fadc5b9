using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Mailboxes;

/// <summary>A mailbox that has not worked for so long that admins are told.</summary>
/// <param name="Message">In words, what is wrong now and what to do.</param>
/// <param name="IsAlerted">They were written to.</param>
public sealed record MailboxOutage(long MailboxId, string Name, string Address, string Message, DateTimeOffset Since, bool IsAlerted);

/// <summary>That a person was written to of an outage.</summary>
internal sealed record OutageTold(long MailboxId, DateTimeOffset Since, long UserId)
{
    public static OutageTold Of(MailboxOutage outage, long userId) => new(outage.MailboxId, outage.Since, userId);
}

/// <summary>The doctor's records: what ails mailboxes, and what did. For admins.</summary>
public sealed class MailboxOutages(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, IOptions<AlertOptions> options, TimeProvider clock)
{
    private const string Name = "mailboxes.outages.told";

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

    /// <returns>Who was written to of those outages of which not everybody was.</returns>
    internal async Task<HashSet<OutageTold>> ToldAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await ToldAsync(db, cancellationToken);
    }

    /// <summary>Somebody was written to.</summary>
    /// <param name="lasting">Those of which not everybody was: others are forgotten.</param>
    internal Task TellAsync(IReadOnlyCollection<OutageTold> told, IReadOnlyCollection<MailboxOutage> lasting, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var all = await ToldAsync(db, token);
            all.RemoveWhere(one => !lasting.Any(outage => (outage.MailboxId, outage.Since) == (one.MailboxId, one.Since)));
            all.UnionWith(told);
            await db.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(token);
            db.Settings.Add(new Setting { Name = Name, Value = JsonSerializer.Serialize(all) });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private static async Task<HashSet<OutageTold>> ToldAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken) is { } value ? JsonSerializer.Deserialize<HashSet<OutageTold>>(value) ?? [] : [];

    /// <summary>Admins were written to: once for each outage.</summary>
    internal Task AlertedAsync(IReadOnlyCollection<long> mailboxIds, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync(
            (db, token) => db.MailboxFailures.Where(f => f.EndedAt == null && mailboxIds.Contains(f.MailboxId)).ExecuteUpdateAsync(set => set.SetProperty(f => f.AlertedAt, now), token),
            cancellationToken);
    }
}
