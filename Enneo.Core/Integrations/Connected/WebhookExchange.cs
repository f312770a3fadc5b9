using System.Diagnostics;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// What a webhook of an integration delivers is an exchange of the ticket, not the event itself: so order, repetition, rest after
/// failures and the log are those of all webhooks.
/// </summary>
internal sealed partial class WebhookExchange(IDbContextFactory<EnneoDbContext> dbFactory, TicketExchange exchange, TicketNotices notices, TimeProvider clock, ILogger<WebhookExchange> logger)
{
    /// <returns>Null where the webhook is one of its own.</returns>
    public async Task<PostedAnswer?> DeliverAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        long integrationId;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            integrationId = await db.Set<Integration>().Where(i => i.WebhookId == webhook.Id).Select(i => i.Id).FirstOrDefaultAsync(cancellationToken);
        }

        return integrationId == 0 ? null : await DeliverAsync(integrationId, delivery, cancellationToken);
    }

    private async Task<PostedAnswer> DeliverAsync(long integrationId, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            if (delivery.TicketId is { } ticketId)
            {
                var end = await exchange.OfOursAsync(integrationId, ticketId, delivery.Sequence, cancellationToken);
                if (end.Again is { } again)
                {
                    await notices.NoteOursAsync(integrationId, ticketId, again, cancellationToken);
                }
            }

            return new PostedAnswer(200, "", null, null, Stopwatch.GetElapsedTime(started));
        }
        catch (OtherSystemException exception) when (exception.IsOutage || exception.IsRefusal)
        {
            return new PostedAnswer(exception.Status, exception.Status is null ? "" : exception.Message, exception.RetryAfter, exception.Status is null ? exception.Message : null, Stopwatch.GetElapsedTime(started));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // Whatever another system answers that its API would not: it is this ticket's trouble, which is looked at again by itself, and no other waits for it.
            LogFailed(exception, integrationId);
            await notices.NoteOursAsync(integrationId, delivery.TicketId!.Value, clock.GetUtcNow(), cancellationToken);
            return new PostedAnswer(200, exception.Message, null, null, Stopwatch.GetElapsedTime(started)) { IsPutOff = true };
        }
    }

    [LoggerMessage(LogLevel.Warning, "A ticket could not be exchanged with integration {IntegrationId}")]
    private partial void LogFailed(Exception exception, long integrationId);
}
