using Enneo.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Spam;

/// <summary>Looks every hour whether there is something to tell the admins about spam.</summary>
[DisallowConcurrentExecution]
internal sealed class SpamReportJob(SpamReports reports) : IJob
{
    public static readonly JobKey Key = new("reports", "spam");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await reports.RunAsync(cancellationToken);
}

/// <summary>Looks every hour whether spam is older than it is to be kept.</summary>
[DisallowConcurrentExecution]
internal sealed class SpamRetentionJob(SpamRetention retention) : IJob
{
    public static readonly JobKey Key = new("retention", "spam");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await retention.RunAsync(cancellationToken);
}

/// <summary>Sets the jobs of every hour, the first ones a while after the start.</summary>
internal sealed class SpamSchedule(ISchedulerFactory schedulers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => schedulers.UnlessStoppingAsync(
        async scheduler =>
        {
            await SetAsync<SpamReportJob>(scheduler, SpamReportJob.Key, stoppingToken);
            await SetAsync<SpamRetentionJob>(scheduler, SpamRetentionJob.Key, stoppingToken);
        },
        stoppingToken);

    private async Task SetAsync<TJob>(IScheduler scheduler, JobKey key, CancellationToken cancellationToken)
        where TJob : IJob
    {
        var job = JobBuilder.Create<TJob>().WithIdentity(key).StoreDurably().Build();
        var trigger = TriggerBuilder.Create()
            .WithIdentity($"hourly {key.Name}", key.Group)
            .ForJob(job)
            .StartAt(clock.GetUtcNow() + s_pause)
            .WithSimpleSchedule(hourly => hourly.WithInterval(s_pause).RepeatForever())
            .Build();
        await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, cancellationToken);
    }
}
