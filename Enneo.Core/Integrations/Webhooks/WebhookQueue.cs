using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>What is to be delivered next: of each ticket the oldest that waits, so that one that is stuck holds up no other.</summary>
internal sealed class WebhookQueue(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    /// <summary>So many go at once while the receiver answers.</summary>
    private const int MostTogether = 4;

    /// <summary>How often it is looked whether a mail has been analysed.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <returns>The webhook and what to deliver now, of different tickets; a single one while the receiver fails. Null for nothing.</returns>
    public async Task<(Webhook Webhook, IReadOnlyList<WebhookDelivery> Deliveries)?> NextAsync(long webhookId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, webhookId, cancellationToken) is not { } webhook || webhook.RetryAt > now)
        {
            return null;
        }

        var isFailing = webhook.Failures > 0 && !webhook.IsSynchronous;
        var ready = WithheldNews.NotOfSpam(db, Heads(db, webhook)).Where(d => d.DueAt <= now || webhook.PausedAt != null
            || (d.AwaitsMessageId != null && !db.ProcessingRuns.Any(r => r.MessageId == d.AwaitsMessageId && r.FinishedAt == null)));
        // A receiver that fails is asked with what was tried least: else the one that makes it fail would hide that it works.
        var ordered = isFailing ? ready.OrderBy(d => d.Attempts).ThenBy(d => d.Sequence) : ready.OrderBy(d => d.Sequence);
        var deliveries = await ordered.Take(isFailing ? 1 : MostTogether).ToListAsync(cancellationToken);
        return deliveries.Count == 0 ? null : (webhook, deliveries);
    }

    /// <returns>When to look again; null for not before something happens.</returns>
    public async Task<DateTimeOffset?> NextDueAsync(long webhookId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, webhookId, cancellationToken) is not { } webhook)
        {
            return null;
        }

        var rests = webhook is { PausedAt: null, IsSynchronous: false, FailingSince: { } since } ? since + WebhookRest.After : (DateTimeOffset?)null;
        var heads = WithheldNews.NotOfSpam(db, Heads(db, webhook));
        var due = await heads.MinAsync(d => (DateTimeOffset?)d.DueAt, cancellationToken);
        if (due is { } head)
        {
            var looksAt = clock.GetUtcNow() + s_look;
            var next = await heads.AnyAsync(d => d.AwaitsMessageId != null, cancellationToken) && looksAt < head ? looksAt : head;
            next = webhook.PausedAt is not null ? webhook.RetryAt ?? next : next;
            due = webhook.RetryAt > next ? webhook.RetryAt : next;
        }

        return due is null || rests < due ? rests ?? due : due;
    }

    private static Task<Webhook?> FindAsync(EnneoDbContext db, long webhookId, CancellationToken cancellationToken) =>
        db.Set<Webhook>().AsNoTracking().SingleOrDefaultAsync(w => w.Id == webhookId && w.IsActive, cancellationToken);

    /// <summary>Of each ticket the oldest that waits, and none where an older one is parked: what comes later does not overtake it.</summary>
    private static IQueryable<WebhookDelivery> Heads(EnneoDbContext db, Webhook webhook)
    {
        var all = db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.WebhookId == webhook.Id);
        var waiting = all.Where(d => d.State == WebhookDeliveryState.Waiting);
        var heads = waiting.Where(d => !waiting.Any(before => before.OrderKey == d.OrderKey && before.Sequence < d.Sequence));
        if (webhook.IsSynchronous)
        {
            return heads; // nothing is tried twice there: what failed is over
        }

        var parked = all.Where(d => d.State == WebhookDeliveryState.Parked);
        return heads.Where(d => !parked.Any(before => before.OrderKey == d.OrderKey && before.Sequence < d.Sequence));
    }
}
