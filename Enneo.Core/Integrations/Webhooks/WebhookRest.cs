using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>
/// After a day of failures a webhook rests, and the admins are told: what happens meanwhile is kept. It is asked every
/// hour with a single delivery, and goes on by itself where the receiver takes that.
/// </summary>
internal sealed class WebhookRest(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, AdminMail mail, TimeProvider clock)
{
    public static readonly TimeSpan After = TimeSpan.FromDays(1);

    /// <summary>Between two questions while it rests.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    public async Task BeginAsync(long webhookId, CancellationToken cancellationToken)
    {
        if (await IsDueAsync(webhookId, cancellationToken) && await lane.RunAsync((db, token) => PauseAsync(db, webhookId, token), cancellationToken) is { } resting)
        {
            // By mail where a mailbox can send; the page says it in any case.
            await mail.SendAsync(WebhookText.RestSubject, string.Format(CultureInfo.CurrentCulture, WebhookText.RestText, resting.Url, resting.FailingSince), cancellationToken);
        }
    }

    private async Task<bool> IsDueAsync(long webhookId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Due(db, webhookId).AnyAsync(cancellationToken);
    }

    private IQueryable<Webhook> Due(EnneoDbContext db, long webhookId)
    {
        var latest = clock.GetUtcNow() - After;
        return db.Set<Webhook>().Where(w => w.Id == webhookId && w.IsActive && !w.IsSynchronous && w.PausedAt == null && w.FailingSince != null && w.FailingSince <= latest);
    }

    private async Task<Webhook?> PauseAsync(EnneoDbContext db, long webhookId, CancellationToken cancellationToken)
    {
        if (await Due(db, webhookId).SingleOrDefaultAsync(cancellationToken) is not { } webhook)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        (webhook.PausedAt, webhook.RetryAt) = (now, now + Pace);
        db.Activity.Add(ActivityEntry.Of(ActivityKind.WebhookPaused, Actor.System, WebhookRecords.Origin, clock, changes: [("webhook", null, webhook.Id), ("url", null, webhook.Url)]));
        await db.SaveChangesAsync(cancellationToken);
        return webhook;
    }
}
