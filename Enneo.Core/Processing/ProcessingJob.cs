using Quartz;

namespace Enneo.Core.Processing;

/// <summary>Takes the mails that wait through their steps. One job at a time, so that the mails of a ticket keep their order.</summary>
[DisallowConcurrentExecution]
internal sealed class ProcessingJob(MailProcessing processing, ProcessingScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("steps", "processing");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await processing.RunDueAsync(cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(completed, cancellationToken);
        }
    }
}
