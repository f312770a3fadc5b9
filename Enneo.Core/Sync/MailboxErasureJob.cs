using Quartz;

namespace Enneo.Core.Sync;

/// <summary>Erases a removed mailbox, so that nobody waits for it.</summary>
[DisallowConcurrentExecution]
public sealed class MailboxErasureJob(MailboxErasure erasure) : IJob
{
    public long MailboxId { get; set; }

    public static JobKey KeyFor(long mailboxId) => new($"mailbox-{mailboxId}", "erasure");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) =>
        await erasure.RunAsync(MailboxId, cancellationToken);
}
