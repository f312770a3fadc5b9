using Quartz;

namespace Enneo.Core.Analysis;

/// <summary>Has the language model read the mails that wait for it, one at a time.</summary>
[DisallowConcurrentExecution]
internal sealed class AnalysisJob(MailAnalysing analysing, AnalysisScheduler scheduler) : IJob
{
    public static readonly JobKey Key = new("mails", "analysis");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await analysing.RunDueAsync(cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(completed, cancellationToken);
        }
    }
}
