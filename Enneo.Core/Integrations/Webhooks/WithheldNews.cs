using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Of spam nothing is told but that it is spam. What happened to it is told, in its order, once it is none any more.</summary>
internal static class WithheldNews
{
    /// <summary>Without those about spam, which may have become so a moment ago.</summary>
    public static IQueryable<WebhookDelivery> NotOfSpam(EnneoDbContext db, IQueryable<WebhookDelivery> deliveries) => deliveries.Where(d => d.Event == WebhookEvent.SpamStatusChanged
        || !db.Tickets.Any(t => t.Id == d.TicketId && (t.SpamStatus == SpamStatus.AutoSpam || t.SpamStatus == SpamStatus.AutoProgrammatic || t.SpamStatus == SpamStatus.ManualSpam)));

    /// <summary>Its ticket is spam, or was when it went.</summary>
    public static async Task<bool> IsAboutSpamAsync(EnneoDbContext db, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Event is WebhookEvent.SpamStatusChanged || delivery.TicketId is not { } ticketId)
        {
            return false;
        }

        var ticket = await db.Tickets.Where(t => t.Id == ticketId).Select(t => new { t.SpamStatus }).SingleOrDefaultAsync(cancellationToken);
        return ticket is not null
            ? ticket.SpamStatus.IsSpam()
            : await db.Set<WebhookDelivery>().AnyAsync(d => d.WebhookId == delivery.WebhookId && d.OrderKey == delivery.OrderKey && d.State == WebhookDeliveryState.Withheld, cancellationToken);
    }

    /// <summary>A ticket became spam, or is none any more. Within a transaction of the writer lane.</summary>
    /// <param name="entry">That says so.</param>
    /// <param name="analysis">The longest that news of a mail wait for its analysis.</param>
    public static async Task FollowAsync(EnneoDbContext db, long webhookId, ActivityEntry entry, TimeSpan analysis, CancellationToken cancellationToken)
    {
        var status = await db.Tickets.Where(t => t.Id == entry.TicketId).Select(t => t.SpamStatus).SingleOrDefaultAsync(cancellationToken);
        var news = db.Set<WebhookDelivery>().Where(d => d.WebhookId == webhookId && d.TicketId == entry.TicketId && d.Event != WebhookEvent.SpamStatusChanged);
        if (status.IsSpam())
        {
            await news.Where(d => d.State == WebhookDeliveryState.Waiting || d.State == WebhookDeliveryState.Parked)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, WebhookDeliveryState.Withheld), cancellationToken);
            return;
        }

        var analysed = entry.At + analysis;
        await news.Where(d => d.State == WebhookDeliveryState.Withheld)
            .ExecuteUpdateAsync(
                set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting).SetProperty(d => d.DueAt, d => d.AwaitsMessageId == null ? entry.At : analysed), cancellationToken);
    }
}
