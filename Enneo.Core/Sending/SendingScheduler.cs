using System.Linq.Expressions;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Sending;

/// <summary>
/// Sets the jobs of each mailbox to the moment when something of its outbox is due, which it reads from
/// the outbox: at start, when the activity log tells of a change, and when a job has run.
/// </summary>
internal sealed class SendingScheduler(
    IDbContextFactory<EnneoDbContext> dbFactory, ISchedulerFactory schedulers, OutgoingRecords records, DraftUploads uploads, SteadyWork steady, LiveFeed feed, TimeProvider clock)
    : BackgroundService
{
    /// <summary>After a job that failed for a reason of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly FeedQueue _queue = new();
    private readonly SemaphoreSlim _scheduling = new(1, 1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry is
        {
            MailboxId: not null,
            Kind: ActivityKind.OutgoingQueued or ActivityKind.OutgoingStateChanged or ActivityKind.MailboxChanged,
        });
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
        _scheduling.Dispose();
    }

    /// <summary>Sets the next run after one has ended.</summary>
    public Task ContinueAsync(long mailboxId, bool completed, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.CompletedTask : ScheduleAsync(mailboxId, afterFailure: !completed, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await steady.RunAsync(BeginAsync, stoppingToken);
        await foreach (var entry in _queue.ReadAllAsync(stoppingToken))
        {
            await steady.RunAsync(token => FollowAsync(entry, token), stoppingToken);
        }
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        await uploads.SweepAsync(cancellationToken);
        foreach (var mailboxId in await ListWaitingAsync(cancellationToken))
        {
            await records.AbandonedAsync(mailboxId, cancellationToken);
            await ScheduleAsync(mailboxId, afterFailure: false, cancellationToken);
        }
    }

    private async Task FollowAsync(ActivityEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Kind is ActivityKind.MailboxChanged)
        {
            await records.WakeAsync(entry.MailboxId!.Value, cancellationToken);
        }

        await ScheduleAsync(entry.MailboxId!.Value, afterFailure: false, cancellationToken);
    }

    /// <summary>One at a time, so that what was read last is what is set.</summary>
    private async Task ScheduleAsync(long mailboxId, bool afterFailure, CancellationToken cancellationToken)
    {
        await _scheduling.WaitAsync(cancellationToken);
        try
        {
            var earliest = clock.GetUtcNow() + (afterFailure ? s_pause : TimeSpan.Zero);
            var (sending, filing) = await NextAsync(mailboxId, cancellationToken);
            sending ??= afterFailure ? earliest : null; // a mail may have been left in the middle
            await SetAsync<SendingJob>(SendingJob.KeyFor(mailboxId), j => j.MailboxId, mailboxId, sending, earliest, cancellationToken);
            await SetAsync<FilingJob>(FilingJob.KeyFor(mailboxId), j => j.MailboxId, mailboxId, filing, earliest, cancellationToken);
        }
        finally
        {
            _scheduling.Release();
        }
    }

    private Task SetAsync<TJob>(
        JobKey key, Expression<Func<TJob, long>> property, long mailboxId, DateTimeOffset? due, DateTimeOffset earliest, CancellationToken cancellationToken)
        where TJob : IJob =>
        due is { } at
            ? schedulers.SetJobAsync(key, property, mailboxId, at > earliest ? at : earliest, cancellationToken)
            : Task.CompletedTask;

    private async Task<(DateTimeOffset? Sending, DateTimeOffset? Filing)> NextAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!await db.Mailboxes.AnyAsync(m => m.Id == mailboxId && m.Enabled && !m.IsShadow, cancellationToken))
        {
            return (null, null); // paused, in shadow mode or removed: it all waits
        }

        var waiting = db.Outbox.Where(o => o.MailboxId == mailboxId);
        return (
            await waiting.Where(o => o.State == DeliveryState.Queued).MinAsync(o => (DateTimeOffset?)o.NextAttemptAt, cancellationToken),
            await waiting.MinAsync(o => o.FilingAt, cancellationToken));
    }

    private async Task<List<long>> ListWaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Outbox
            .Where(o => o.State == DeliveryState.Queued || o.State == DeliveryState.Sending || o.FilingAt != null)
            .Select(o => o.MailboxId).Distinct().ToListAsync(cancellationToken);
    }
}
