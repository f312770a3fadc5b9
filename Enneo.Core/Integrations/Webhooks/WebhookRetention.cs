using Enneo.Core.Data;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Forgets what was delivered a while ago, and what came by hooks; what is still to come is never forgotten.</summary>
internal sealed class WebhookRetention(WriterLane lane, TimeProvider clock)
{
    /// <summary>How long deliveries can be looked at and told again.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const int Batch = 1000;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Kept;
        int removed;
        do
        {
            removed = await lane.RunBulkAsync(
                (db, token) => db.Set<WebhookDelivery>().Where(d => d.DeliveredAt < before).OrderBy(d => d.DeliveredAt).Take(Batch).ExecuteDeleteAsync(token), cancellationToken);
        }
        while (removed == Batch);

        do
        {
            removed = await lane.RunBulkAsync(
                (db, token) => db.Set<HookCall>().Where(c => c.At < before).OrderBy(c => c.At).Take(Batch).ExecuteDeleteAsync(token), cancellationToken);
        }
        while (removed == Batch);
    }
}

[DisallowConcurrentExecution]
internal sealed class WebhookRetentionJob(WebhookRetention retention) : IJob
{
    public static readonly JobKey Key = new("retention", "webhooks");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await retention.RunAsync(cancellationToken);
}

/// <summary>Sets that job, the first time a while after the start.</summary>
internal sealed class WebhookRetentionSchedule(ISchedulerFactory schedulers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(30);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => schedulers.UnlessStoppingAsync(
        async scheduler =>
        {
            var job = JobBuilder.Create<WebhookRetentionJob>().WithIdentity(WebhookRetentionJob.Key).StoreDurably().Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity("daily", WebhookRetentionJob.Key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow() + s_settling)
                .WithSimpleSchedule(daily => daily.WithInterval(TimeSpan.FromDays(1)).RepeatForever())
                .Build();
            await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, stoppingToken);
        },
        stoppingToken);
}
