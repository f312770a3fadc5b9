using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which tickets of an integration are stuck: what cannot be read, what was settled but for something, and what is not known there.</summary>
internal static class StuckTickets
{
    /// <param name="ownerId">By whose names it calls our tickets.</param>
    /// <returns>Each ticket once, those that are tried again first; and how many there are in all.</returns>
    public static async Task<(IReadOnlyList<StuckTicket> Shown, int Count)> OfAsync(EnneoDbContext db, Integration integration, long ownerId, int most, CancellationToken cancellationToken)
    {
        var links = db.Set<ExternalTicket>().Where(e => e.OwnerId == ownerId);
        var news = db.Set<TicketNews>().AsNoTracking().Where(n => n.IntegrationId == integration.Id && n.Problem != null && n.Attempts > 0); // the others only wait until the other side answers
        var settled = db.Set<SyncedTicket>().AsNoTracking().Where(t => t.IntegrationId == integration.Id && t.Problem != null && links.Any(e => e.ExternalId == t.ExternalTicketId));
        var deliveries = db.Set<WebhookDelivery>().AsNoTracking().Where(d => d.WebhookId == integration.WebhookId && d.TicketId != null && d.Attempts > 0 && (d.State == WebhookDeliveryState.Waiting || d.State == WebhookDeliveryState.Parked));
        var heads = deliveries.Where(d => !deliveries.Any(before => before.TicketId == d.TicketId && before.Sequence < d.Sequence));

        var told = await news.OrderByDescending(n => n.NotedAt).Take(most)
            .Select(n => new { n.ExternalTicketId, n.Problem, n.DueAt, TicketId = links.Where(e => e.ExternalId == n.ExternalTicketId).Select(e => (long?)e.TicketId).FirstOrDefault() }).ToListAsync(cancellationToken);
        var parts = await settled.OrderByDescending(t => t.SettledAt).Take(most)
            .Select(t => new { t.ExternalTicketId, t.Problem, TicketId = links.Where(e => e.ExternalId == t.ExternalTicketId).Select(e => (long?)e.TicketId).FirstOrDefault() }).ToListAsync(cancellationToken);
        var refused = await heads.OrderByDescending(d => d.Id).Take(most).Select(d => new { d.TicketId, d.State, d.DueAt, Problem = d.Problem ?? d.Answer ?? "" }).ToListAsync(cancellationToken);

        var pausedUntil = await db.Set<Webhook>().Where(w => w.Id == integration.WebhookId).Select(w => w.RetryAt).SingleOrDefaultAsync(cancellationToken);

        StuckTicket[] all =
        [
            .. told.Select(one => one.ExternalTicketId.StartsWith(TicketNotices.Own, StringComparison.Ordinal)
                ? new StuckTicket(long.Parse(one.ExternalTicketId.AsSpan(TicketNotices.Own.Length), CultureInfo.InvariantCulture), null, one.Problem!, one.DueAt)
                : new StuckTicket(one.TicketId, one.ExternalTicketId, one.Problem!, one.DueAt)),
            .. refused.Select(one => new StuckTicket(one.TicketId, null, one.Problem, one.State is not WebhookDeliveryState.Waiting ? null : pausedUntil > one.DueAt ? pausedUntil : one.DueAt)),
            .. parts.Select(one => new StuckTicket(one.TicketId, one.ExternalTicketId, one.Problem!, null)),
        ];
        var shown = all.DistinctBy(one => one.TicketId is { } id ? string.Create(CultureInfo.InvariantCulture, $"#{id}") : one.ExternalTicketId).ToList();
        var beyond = await news.CountAsync(cancellationToken) - told.Count + await settled.CountAsync(cancellationToken) - parts.Count + await heads.CountAsync(cancellationToken) - refused.Count;
        return ([.. shown.Take(most)], shown.Count + beyond);
    }
}
