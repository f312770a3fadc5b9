using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Posts what is due, and has written down how it went. What was posted but not written down is posted again, under the same id.</summary>
internal sealed class WebhookDelivering(
    IDbContextFactory<EnneoDbContext> dbFactory, WebhookQueue queue, WebhookRecords records, WebhookRest rest, WebhookSigning signing, GuardedPosting http, WebhookExchange exchange, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>Works off all that is due.</summary>
    public async Task RunDueAsync(long webhookId, CancellationToken cancellationToken)
    {
        await rest.BeginAsync(webhookId, cancellationToken);
        while (await queue.NextAsync(webhookId, cancellationToken) is var (webhook, deliveries))
        {
            await Parallel.ForEachAsync(
                deliveries,
                new ParallelOptions { MaxDegreeOfParallelism = deliveries.Count, CancellationToken = cancellationToken },
                async (delivery, token) => await DeliverAsync(webhook, delivery, token));
        }
    }

    /// <summary>Posts a sample; nothing is written down.</summary>
    public async Task<PostedAnswer> TryAsync(Webhook webhook, WebhookEvent happened, CancellationToken cancellationToken)
    {
        var id = $"test_{Guid.CreateVersion7(clock.GetUtcNow()):N}";
        return await PostAsync(webhook, id, WebhookEnvelope.Sample(happened, id, clock.GetUtcNow()), "test", cancellationToken);
    }

    private async Task DeliverAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        string body, origin;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            (body, origin) = await WebhookEnvelope.OfAsync(db, webhook, delivery, cancellationToken);
        }

        var answer = await exchange.DeliverAsync(webhook, delivery, cancellationToken);
        if (answer is null && !await IsActiveAsync(webhook.Id, cancellationToken))
        {
            return; // its integration was removed meanwhile, which must not be taken for a webhook without one
        }

        answer ??= await PostAsync(webhook, delivery.EventId, body, origin, cancellationToken);
        await records.SettleAsync(delivery.Id, body, answer, cancellationToken);
    }

    private async Task<bool> IsActiveAsync(long webhookId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Set<Webhook>().AnyAsync(w => w.Id == webhookId && w.IsActive, cancellationToken);
    }

    private async Task<PostedAnswer> PostAsync(Webhook webhook, string id, string body, string origin, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var started = Stopwatch.GetTimestamp();
        try
        {
            Dictionary<string, string> headers = new(signing.HeadersOf(webhook, id, bytes, clock.GetUtcNow()))
            {
                ["user-agent"] = "Enneo-Webhooks/1",
                [WebhookEnvelope.OriginHeader] = origin,
            };
            return await http.SendAsync(new Uri(webhook.Url), webhook.MayBePrivate, webhook.TrustedCertificate, bytes, headers, options.Value.Timeout, cancellationToken);
        }
        catch (CryptographicException)
        {
            return new PostedAnswer(null, "", null, WebhookText.SecretUnreadable, Stopwatch.GetElapsedTime(started));
        }
    }
}
