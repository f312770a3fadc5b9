using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>A webhook as it is shown; its secrets never are.</summary>
/// <param name="Waiting">Deliveries that are to come.</param>
/// <param name="Parked">Deliveries that were set aside.</param>
public sealed record WebhookView(
    long Id, WebhookInput Settings, DateTimeOffset CreatedAt, DateTimeOffset? EarlierSecretUntil, DateTimeOffset? FailingSince, DateTimeOffset? RetryAt, DateTimeOffset? PausedAt, DateTimeOffset? LastSuccessAt,
    int Waiting, int Parked);

/// <summary>The reads of webhooks and of what they were told. For admins.</summary>
public sealed class WebhookQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public const int MaxPage = 200;

    /// <returns>Oldest first.</returns>
    public async Task<IReadOnlyList<WebhookView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var webhooks = await db.Set<Webhook>().AsNoTracking().OrderBy(w => w.Id).ToListAsync(cancellationToken);
        var open = (await db.Set<WebhookDelivery>().Where(d => d.State != WebhookDeliveryState.Delivered)
            .GroupBy(d => new { d.WebhookId, d.State }).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken))
            .ToDictionary(group => (group.Key.WebhookId, group.Key.State), group => group.Count);
        return [.. webhooks.Where(w => WebhookReach.Covers(reach, w.MailboxIds)).Select(w => ViewOf(w, Count(w, WebhookDeliveryState.Waiting), Count(w, WebhookDeliveryState.Parked)))];

        int Count(Webhook webhook, WebhookDeliveryState state) => open.GetValueOrDefault((webhook.Id, state));
    }

    /// <returns>Null if there is none for the actor.</returns>
    public async Task<WebhookView?> FindAsync(long webhookId, Actor actor, CancellationToken cancellationToken) =>
        (await ListAsync(actor, cancellationToken)).FirstOrDefault(webhook => webhook.Id == webhookId);

    /// <param name="state">Null for all.</param>
    /// <param name="before">Only deliveries with smaller ids; null for the newest.</param>
    /// <returns>The newest first; null if there is no such webhook for the actor.</returns>
    public async Task<IReadOnlyList<WebhookDelivery>?> DeliveriesAsync(
        long webhookId, WebhookDeliveryState? state, long? before, int limit, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await WebhookReach.FindAsync(db, webhookId, actor, cancellationToken) is null)
        {
            return null;
        }

        var deliveries = db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.WebhookId == webhookId);
        if (state is { } wanted)
        {
            deliveries = deliveries.Where(d => d.State == wanted);
        }

        if (before is { } id)
        {
            deliveries = deliveries.Where(d => d.Id < id);
        }

        return await deliveries.OrderByDescending(d => d.Id).Take(Math.Clamp(limit, 1, MaxPage)).ToListAsync(cancellationToken);
    }

    private static WebhookView ViewOf(Webhook w, int waiting, int parked) => new(
        w.Id,
        new WebhookInput
        {
            Url = w.Url,
            Events = w.Events,
            MailboxIds = w.MailboxIds,
            IsActive = w.IsActive,
            IsSynchronous = w.IsSynchronous,
            MayBePrivate = w.MayBePrivate,
            TrustedCertificate = w.TrustedCertificate,
            OwnKeyId = w.OwnKeyId,
        },
        w.CreatedAt, w.EarlierUntil, w.FailingSince, w.RetryAt, w.PausedAt, w.LastSuccessAt, waiting, parked);
}
