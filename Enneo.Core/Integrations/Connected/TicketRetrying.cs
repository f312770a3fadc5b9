using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>A person has a ticket that is stuck exchanged again at once. For admins.</summary>
public sealed class TicketRetrying(WriterLane lane, TicketNotices notices, TimeProvider clock)
{
    /// <returns>Whether there is such an integration for the actor.</returns>
    public async Task<bool> RunAsync(long integrationId, StuckTicket stuck, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var name = stuck.ExternalTicketId ?? string.Create(CultureInfo.InvariantCulture, $"{TicketNotices.Own}{stuck.TicketId}");
        var isThere = await lane.RunAsync(
            async (db, token) =>
            {
                if (!(await Reaches.OfAsync(db, actor, token)).IsAll || await db.Set<Integration>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == integrationId, token) is not { } integration)
                {
                    return false;
                }

                var now = clock.GetUtcNow();
                await db.Set<WebhookDelivery>()
                    .Where(d => d.WebhookId == integration.WebhookId && d.TicketId == stuck.TicketId && (d.State == WebhookDeliveryState.Waiting || d.State == WebhookDeliveryState.Parked))
                    .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting).SetProperty(d => d.DueAt, now), token);
                await db.Set<Webhook>().Where(w => w.Id == integration.WebhookId).ExecuteUpdateAsync(set => set.SetProperty(w => w.RetryAt, (DateTimeOffset?)null), token);
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.IntegrationChanged, actor, origin, clock,
                    changes: [("integration", null, integrationId), ("name", null, integration.Name), ("retried", null, stuck.TicketId is { } id ? $"#{id}" : stuck.ExternalTicketId)]));
                await db.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
        if (isThere)
        {
            await notices.NoteAsync(integrationId, name, clock.GetUtcNow(), cancellationToken);
        }

        return isThere;
    }
}
