using Quartz;

namespace Enneo.Core.Sending;

/// <summary>
/// Sends what is due in one mailbox. One job per mailbox: Quartz forbids concurrency by job key, so a
/// dead server delays no other mailbox.
/// </summary>
[DisallowConcurrentExecution]
internal sealed class SendingJob(Delivery delivery, SendingScheduler scheduler) : IJob
{
    public long MailboxId { get; set; }

    public static JobKey KeyFor(long mailboxId) => new($"mailbox-{mailboxId}", "sending");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await delivery.RunAsync(MailboxId, cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(MailboxId, completed, cancellationToken);
        }
    }
}
