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

/// <summary>Sets the job of every hour, the first one a while after the start.</summary>
internal sealed class SpamReportSchedule(ISchedulerFactory schedulers, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromHours(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => schedulers.UnlessStoppingAsync(
        async scheduler =>
        {
            var job = JobBuilder.Create<SpamReportJob>().WithIdentity(SpamReportJob.Key).StoreDurably().Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity("hourly", SpamReportJob.Key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow() + s_pause)
                .WithSimpleSchedule(hourly => hourly.WithInterval(s_pause).RepeatForever())
                .Build();
            await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, stoppingToken);
        },
        stoppingToken);
}
