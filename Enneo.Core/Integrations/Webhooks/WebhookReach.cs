using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>A webhook is there for those who see all mailboxes that it is told of.</summary>
internal static class WebhookReach
{
    public static bool Covers(Reach reach, IEnumerable<long>? mailboxIds) => reach.IsAll || (mailboxIds is not null && mailboxIds.All(reach.Covers));

    /// <returns>Null if there is none for the actor.</returns>
    public static async Task<Webhook?> FindAsync(EnneoDbContext db, long webhookId, Actor actor, CancellationToken cancellationToken) =>
        await db.Set<Webhook>().SingleOrDefaultAsync(w => w.Id == webhookId, cancellationToken) is { } webhook
        && Covers(await Reaches.OfAsync(db, actor, cancellationToken), webhook.MailboxIds) ? webhook : null;
}
