using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Jobs;

/// <summary>What is done again and again whatever happens, such as forgetting what is too old.</summary>
internal interface IRegularWork
{
    /// <summary>Does all that is to be done by now.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

[DisallowConcurrentExecution]
internal sealed class RegularJob<TWork>(TWork work) : IJob
    where TWork : class, IRegularWork
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await work.RunAsync(cancellationToken);
}

/// <summary>Sets that job.</summary>
internal sealed class RegularSchedule<TWork>(ISchedulerFactory schedulers, TimeProvider clock, JobKey key, TimeSpan every, TimeSpan first) : BackgroundService
    where TWork : class, IRegularWork
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => schedulers.UnlessStoppingAsync(
        async scheduler =>
        {
            var job = JobBuilder.Create<RegularJob<TWork>>().WithIdentity(key).StoreDurably().Build();
            var trigger = TriggerBuilder.Create()
                .WithIdentity(key.Name, key.Group)
                .ForJob(job)
                .StartAt(clock.GetUtcNow() + first)
                .WithSimpleSchedule(again => again.WithInterval(every).RepeatForever())
                .Build();
            await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, stoppingToken);
        },
        stoppingToken);
}
