using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Jobs;

/// <summary>What is done again and again whatever happens, such as forgetting what is too old.</summary>
internal interface IRegularWork
{
    /// <summary>Does all that is to be done by now.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}

internal static class RegularWork
{
    /// <summary>Has a registered class work regularly.</summary>
    /// <param name="first">How long after the start it works for the first time.</param>
    public static IServiceCollection AddRegular<TWork>(this IServiceCollection services, JobKey key, TimeSpan every, TimeSpan first)
        where TWork : class, IRegularWork => services.AddHostedService(provider => new RegularSchedule<TWork>(
            provider.GetRequiredService<ISchedulerFactory>(), provider.GetRequiredService<TimeProvider>(), key, every, first));
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
