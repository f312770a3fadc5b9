using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace Enneo.Core.Health;

/// <summary>Whether Enneo does its work.</summary>
/// <param name="Reasons">What is in the way, in words; empty when it is ready. Names no addresses.</param>
public sealed record ReadinessReport(bool Ready, IReadOnlyList<string> Reasons);

/// <summary>
/// Ready means: the database has this program's version and takes a write, the scheduler runs, and no
/// mailbox is overdue by <see cref="IntervalsAllowed"/> poll intervals.
/// </summary>
public sealed class Readiness(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    DatabaseMigration migration,
    ISchedulerFactory schedulers,
    TimeProvider clock) : IDisposable
{
    private const int IntervalsAllowed = 3;
    private const string ProbeSetting = "readiness-probe";

    /// <summary>Anyone may ask, and each look costs a write to disk: answers are this old at most.</summary>
    private static readonly TimeSpan s_freshness = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private ReadinessReport? _last;
    private DateTimeOffset _lastAt;

    public async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_last is null || clock.GetUtcNow() - _lastAt > s_freshness)
            {
                var reasons = await ReasonsAsync(cancellationToken);
                (_last, _lastAt) = (new ReadinessReport(reasons.Count == 0, reasons), clock.GetUtcNow());
            }

            return _last;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<List<string>> ReasonsAsync(CancellationToken cancellationToken)
    {
        List<string> reasons = [];
        try
        {
            if (!await migration.IsCurrentAsync(cancellationToken))
            {
                reasons.Add(HealthText.NotMigrated);
            }
            else
            {
                await ProbeAsync(cancellationToken);
                reasons.AddRange(await OverdueAsync(cancellationToken));
            }
        }
        catch (Exception exception) when (exception is SqliteException or DbUpdateException or TimeoutException)
        {
            reasons.Add(string.Format(CultureInfo.CurrentCulture, HealthText.NotWritable, (exception.InnerException ?? exception).Message));
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        if (scheduler.Status is not SchedulerStatus.Running)
        {
            reasons.Add(HealthText.SchedulerStopped);
        }

        return reasons;
    }

    /// <summary>A real write through the writers' queue: a full disk, a lock or a stuck queue all show here.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        await lane.RunAsync(async (db, token) =>
        {
            var probe = await db.Settings.SingleOrDefaultAsync(s => s.Name == ProbeSetting, token);
            if (probe is null)
            {
                db.Settings.Add(new Setting { Name = ProbeSetting, Value = now });
            }
            else
            {
                probe.Value = now;
            }

            await db.SaveChangesAsync(token);
        }, cancellationToken).WaitAsync(s_patience, clock, cancellationToken);
    }

    private async Task<List<string>> OverdueAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailboxes = await db.Mailboxes.AsNoTracking()
            .Where(m => m.Enabled && m.Method != MailboxMethod.Api)
            .Select(m => new
            {
                m.Id,
                m.PollInterval,
                m.ConnectedAt,
                Status = db.MailboxStatuses.Where(s => s.MailboxId == m.Id).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);

        var now = clock.GetUtcNow();
        return [.. from mailbox in mailboxes
                   where mailbox.Status is not { State: MailboxState.Syncing, ProgressTotal: > 0 } // a first sync takes its time
                   let last = mailbox.Status?.LastSyncAt ?? mailbox.ConnectedAt
                   where now - last > mailbox.PollInterval * IntervalsAllowed
                   select string.Format(CultureInfo.CurrentCulture, HealthText.MailboxOverdue, mailbox.Id, last.UtcDateTime)];
    }
}
