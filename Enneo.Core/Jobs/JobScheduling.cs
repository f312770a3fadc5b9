using System.Linq.Expressions;
using Quartz;

namespace Enneo.Core.Jobs;

/// <summary>
/// Sets and wakes jobs. A scheduler that is on its way down takes no more of them, which
/// is no fault: every start sets them all anew.
/// </summary>
internal static class JobScheduling
{
    /// <summary>Makes <paramref name="at"/> the one moment at which the job runs next.</summary>
    /// <param name="property">Of the job, to be filled with the mailbox's id.</param>
    public static Task SetJobAsync<TJob>(
        this ISchedulerFactory schedulers, JobKey key, Expression<Func<TJob, long>> property, long mailboxId, DateTimeOffset at, CancellationToken cancellationToken)
        where TJob : IJob =>
        schedulers.SetJobAsync(JobBuilder.Create<TJob>().WithIdentity(key).UsingJobData(property, mailboxId).StoreDurably().Build(), key, at, cancellationToken);

    /// <summary>The same for a job that is of no mailbox.</summary>
    public static Task SetJobAsync<TJob>(this ISchedulerFactory schedulers, JobKey key, DateTimeOffset at, CancellationToken cancellationToken)
        where TJob : IJob =>
        schedulers.SetJobAsync(JobBuilder.Create<TJob>().WithIdentity(key).StoreDurably().Build(), key, at, cancellationToken);

    public static async Task UnlessStoppingAsync(this ISchedulerFactory schedulers, Func<IScheduler, Task> act, CancellationToken cancellationToken)
    {
        IScheduler? scheduler = null;
        try
        {
            scheduler = await schedulers.GetScheduler(cancellationToken);
            await act(scheduler);
        }
        catch (SchedulerException) when (scheduler is null or { Status: SchedulerStatus.ShuttingDown or SchedulerStatus.Shutdown })
        {
            // Asking first would not do: it may begin to stop between the question and the act. None is
            // handed out once it has stopped; one that cannot be made ends the start, long before this.
        }
    }

    private static Task SetJobAsync(this ISchedulerFactory schedulers, IJobDetail job, JobKey key, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var trigger = TriggerBuilder.Create()
            .WithIdentity(key.Name, key.Group)
            .ForJob(job)
            .StartAt(at) // StartNow() reads the system clock, the scheduler reads ours
            .Build();
        return schedulers.UnlessStoppingAsync(
            async scheduler => await scheduler.ScheduleJob(job, [trigger], new ScheduleJobOptions { Replace = true }, cancellationToken), cancellationToken);
    }
}
