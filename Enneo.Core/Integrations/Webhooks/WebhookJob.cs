using Quartz;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Delivers what one webhook is to be told. Each has a job of its own, so that none waits for another's receiver.</summary>
[DisallowConcurrentExecution]
internal sealed class WebhookJob(WebhookDelivering delivering, WebhookScheduler scheduler) : IJob
{
    public long WebhookId { get; set; }

    public static JobKey KeyOf(long webhookId) => new(webhookId.ToString(System.Globalization.CultureInfo.InvariantCulture), "webhook");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var completed = false;
        try
        {
            await delivering.RunDueAsync(WebhookId, cancellationToken);
            completed = true;
        }
        finally
        {
            await scheduler.ContinueAsync(WebhookId, completed, cancellationToken);
        }
    }
}
