using Enneo.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Activity;

/// <summary>Looks every day whether activity is older than it is to be kept.</summary>
[DisallowConcurrentExecution]
internal sealed class ActivityRetentionJob(ActivityRetention retention) : IJob
{
    public static readonly JobKey Key = new("retention", "activity");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await retention.RunAsync(cancellationToken);
}

/// <summary>Sets that job, the first time a while after the start.</summary>
internal sealed class ActivityRetentionSchedule(ISchedulerFactory schedulers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_settling = TimeSpan.FromMinutes(20);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => schedulers.UnlessStoppingAsync(
        async scheduler =>
        {
            var job = JobBuilder.Create<ActivityRetentionJob>().WithIdentity(ActivityRetentionJob.Key).StoreDurably().Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity("daily", ActivityRetentionJob.Key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow() + s_settling)
                .WithSimpleSchedule(daily => daily.WithInterval(TimeSpan.FromDays(1)).RepeatForever())
                .Build();
            await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, stoppingToken);
        },
        stoppingToken);
}
