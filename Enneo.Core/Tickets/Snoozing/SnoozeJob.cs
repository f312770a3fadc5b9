using Quartz;

namespace Enneo.Core.Tickets.Snoozing;

/// <summary>Brings back what is snoozed no longer.</summary>
[DisallowConcurrentExecution]
internal sealed class SnoozeJob(SnoozedTickets snoozed, SnoozeScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("wake", "snooze");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await snoozed.WakeDueAsync(cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(completed, cancellationToken);
        }
    }
}
