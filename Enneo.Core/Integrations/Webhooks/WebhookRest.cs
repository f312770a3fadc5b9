using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>
/// After a day of failures a webhook rests, and the admins are told: what happens meanwhile is kept. It is asked every
/// hour with a single delivery, and goes on by itself where the receiver takes that.
/// </summary>
internal sealed partial class WebhookRest(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Accounts accounts, OwnMail mail, TimeProvider clock, ILogger<WebhookRest> logger)
{
    public static readonly TimeSpan After = TimeSpan.FromDays(1);

    /// <summary>Between two questions while it rests.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromHours(1);

    public async Task BeginAsync(long webhookId, CancellationToken cancellationToken)
    {
        if (await IsDueAsync(webhookId, cancellationToken) && await lane.RunAsync((db, token) => PauseAsync(db, webhookId, token), cancellationToken) is { } resting)
        {
            await TellAsync(resting, cancellationToken);
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

    /// <summary>By mail where a mailbox can send; the page says it in any case.</summary>
    private async Task TellAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        var text = string.Format(CultureInfo.CurrentCulture, WebhookText.RestText, webhook.Url, webhook.FailingSince);
        foreach (var admin in (await accounts.ListAsync(cancellationToken)).Where(person => person is { Role: Roles.Admin, IsDisabled: false }))
        {
            var sent = await mail.SendAsync(new MailAddress(admin.DisplayName, admin.Email), WebhookText.RestSubject, text, cancellationToken);
            if (sent.Problem is { } problem)
            {
                LogNotTold(problem);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "An admin could not be told that a webhook rests: {Problem}")]
    private partial void LogNotTold(string problem);
}
