using Quartz;

namespace Enneo.Core.Sending;

/// <summary>Files copies into one mailbox's folder of sent mail; apart from sending, which must not wait for it.</summary>
[DisallowConcurrentExecution]
internal sealed class FilingJob(Filing filing, SendingScheduler scheduler) : IJob
{
    public long MailboxId { get; set; }

    public static JobKey KeyFor(long mailboxId) => new($"mailbox-{mailboxId}", "filing");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await filing.RunAsync(MailboxId, cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(MailboxId, completed, cancellationToken);
        }
    }
}
