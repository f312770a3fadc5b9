using Quartz;

namespace Enneo.Core.Processing;

/// <summary>Takes the mails that wait through their steps. One at a time, so that mails are judged and learned from in their order.</summary>
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
