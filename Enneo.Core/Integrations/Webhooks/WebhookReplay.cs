using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Tells again what was told, or set aside, under the same ids and in the same order. For admins.</summary>
public sealed class WebhookReplay(WriterLane lane, TimeProvider clock)
{
    /// <returns>Whether there is such a delivery for the actor.</returns>
    public async Task<bool> OneAsync(long webhookId, long deliveryId, Actor actor, string origin, CancellationToken cancellationToken) =>
        await RunAsync(webhookId, deliveries => deliveries.Where(d => d.Id == deliveryId), since: null, actor, origin, cancellationToken) is > 0;

    /// <summary>All that was set aside.</summary>
    /// <returns>How many; null if there is no such webhook for the actor.</returns>
    public Task<int?> ParkedAsync(long webhookId, Actor actor, string origin, CancellationToken cancellationToken) =>
        RunAsync(webhookId, deliveries => deliveries.Where(d => d.State == WebhookDeliveryState.Parked), since: null, actor, origin, cancellationToken);

    /// <summary>All that happened after a place in the log and not after another; also what it was never told, as long as the log holds it.</summary>
    /// <param name="since">Exclusive.</param>
    /// <param name="until">Inclusive; null for all that came since.</param>
    /// <returns>How many go now; what was never told since a place without an end follows. Null if there is no such webhook for the actor.</returns>
    public async Task<int?> RangeAsync(long webhookId, long since, long? until, Actor actor, string origin, CancellationToken cancellationToken)
    {
        for (long? place = until is null ? null : since; place is { } after;)
        {
            place = await lane.RunBulkAsync(
                async (db, token) => await WebhookReach.FindAsync(db, webhookId, actor, token) is { } webhook ? await WebhookFanOut.AddAsync(db, webhook, after, Math.Min(until!.Value, webhook.Cursor), token) : null,
                cancellationToken);
        }

        return await RunAsync(
            webhookId, deliveries => deliveries.Where(d => d.Sequence > since && (until == null || d.Sequence <= until)), until is null ? since : null, actor, origin, cancellationToken);
    }

    private Task<int?> RunAsync(
        long webhookId, Func<IQueryable<WebhookDelivery>, IQueryable<WebhookDelivery>> which, long? since, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync<int?>(
        async (db, token) =>
        {
            if (await WebhookReach.FindAsync(db, webhookId, actor, token) is not { } webhook)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            var count = await which(WithheldNews.NotOfSpam(db, db.Set<WebhookDelivery>().Where(d => d.WebhookId == webhookId))).ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting).SetProperty(d => d.DueAt, now).SetProperty(d => d.Attempts, 0)
                    .SetProperty(d => d.DeliveredAt, (DateTimeOffset?)null).SetProperty(d => d.AwaitsMessageId, (long?)null),
                token);
            webhook.Cursor = since is { } place ? Math.Min(webhook.Cursor, Math.Max(place, 0)) : webhook.Cursor;
            webhook.RetryAt = null;
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.WebhookReplayed, actor, origin, clock, changes: [("webhook", null, webhook.Id), ("url", null, webhook.Url), ("deliveries", null, count)]));
            await db.SaveChangesAsync(token);
            return count;
        },
        cancellationToken);
}
