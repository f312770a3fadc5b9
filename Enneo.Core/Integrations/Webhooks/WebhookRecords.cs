using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Net;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>How an attempt went, written down, and what follows from it for the delivery and its receiver.</summary>
internal sealed class WebhookRecords(WriterLane lane, TimeProvider clock)
{
    public const string Origin = "webhook";

    private const int LongestReason = 200;

    /// <summary>Who asks for more time gets at most this.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);

    public Task SettleAsync(long deliveryId, string body, PostedAnswer answer, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Set<WebhookDelivery>().SingleOrDefaultAsync(d => d.Id == deliveryId, token) is not { State: WebhookDeliveryState.Waiting } delivery)
            {
                return; // its webhook is gone
            }

            var webhook = await db.Set<Webhook>().SingleAsync(w => w.Id == delivery.WebhookId, token);
            var now = clock.GetUtcNow();
            (delivery.Body, delivery.LastAttemptAt, delivery.AwaitsMessageId) = (body, now, null);
            (delivery.Status, delivery.Answer, delivery.Problem, delivery.Milliseconds) = (answer.Status, answer.Body, answer.Problem, (int)answer.Took.TotalMilliseconds);
            delivery.UntrustedCertificate = answer.UntrustedCertificate;
            delivery.Attempts++;
            if (answer.Succeeded)
            {
                (delivery.State, delivery.DeliveredAt) = (WebhookDeliveryState.Delivered, now);
                if (!answer.IsPutOff)
                {
                    await SucceededAsync(db, webhook, now, token);
                }
            }
            else
            {
                Failed(db, webhook, delivery, answer, now);
            }

            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>
    /// Several failures in a row were the receiver's: all that it missed goes out now, in order. A single one was that
    /// delivery's own, which keeps its pace.
    /// </summary>
    private async Task SucceededAsync(EnneoDbContext db, Webhook webhook, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (webhook.PausedAt is not null)
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.WebhookResumed, Actor.System, Origin, clock, changes: [("webhook", null, webhook.Id), ("url", null, webhook.Url)]));
        }

        if (!webhook.IsSynchronous && (webhook.Failures > 1 || webhook.PausedAt is not null))
        {
            await ReleaseAsync(db, webhook.Id, now, cancellationToken);
        }

        (webhook.Failures, webhook.FailingSince, webhook.RetryAt, webhook.PausedAt, webhook.LastSuccessAt) = (0, null, null, null, now);
    }

    private static Task<int> ReleaseAsync(EnneoDbContext db, long webhookId, DateTimeOffset now, CancellationToken cancellationToken) => db.Set<WebhookDelivery>()
        .Where(d => d.WebhookId == webhookId && d.AwaitsMessageId == null
            && ((d.State == WebhookDeliveryState.Waiting && d.DueAt > now) || (d.State == WebhookDeliveryState.Parked && d.Attempts <= RetryLadder.Steps)))
        .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting).SetProperty(d => d.DueAt, now), cancellationToken);

    private void Failed(EnneoDbContext db, Webhook webhook, WebhookDelivery delivery, PostedAnswer answer, DateTimeOffset now)
    {
        var isKnown = webhook.RetryAt > now && webhook.PausedAt is null;
        webhook.Failures += isKnown ? 0 : 1; // of those that were under way together the first one has said it
        if (webhook.IsSynchronous)
        {
            delivery.State = WebhookDeliveryState.Parked;
            webhook.FailingSince ??= now;
            db.Activity.Add(FailedEntry(db, webhook, delivery, answer));
            return;
        }

        if (IsRefusal(answer.Status))
        {
            delivery.State = WebhookDeliveryState.Parked;
            webhook.FailingSince = webhook.Failures > 1 ? webhook.FailingSince ?? now : webhook.FailingSince;
            webhook.RetryAt = webhook.PausedAt is null ? webhook.RetryAt : now + WebhookRest.Pace;
            return;
        }

        webhook.FailingSince ??= now;
        var pause = RetryLadder.After(webhook.Failures, Random.Shared.NextDouble());
        webhook.RetryAt = isKnown && !(answer.RetryAfter > webhook.RetryAt - now) ? webhook.RetryAt : now + (webhook.PausedAt is not null ? WebhookRest.Pace : answer.RetryAfter is { } asked && asked > pause ? Min(asked, s_longestWait) : pause);
        delivery.DueAt = now + RetryLadder.After(delivery.Attempts, Random.Shared.NextDouble());
        if (delivery.Attempts > RetryLadder.Steps && webhook.PausedAt is null)
        {
            delivery.State = WebhookDeliveryState.Parked;
        }
    }

    /// <summary>It will not be taken the next time either. A redirect is one too: it is not followed.</summary>
    private static bool IsRefusal(int? status) => status is (>= 300 and < 500) and not 408 and not 429;

    private ActivityEntry FailedEntry(EnneoDbContext db, Webhook webhook, WebhookDelivery delivery, PostedAnswer answer)
    {
        var actor = db.Activity.Where(e => e.Sequence == delivery.Sequence && e.ApiKeyId == null).Select(e => e.ActorUserId).SingleOrDefault();
        return ActivityEntry.Of(
            ActivityKind.WebhookFailed, Actor.System, Origin, clock, delivery.MailboxId, delivery.TicketId, delivery.MessageId,
            ("webhook", null, webhook.Id), ("host", null, new Uri(webhook.Url).Host), ("status", null, answer.Status), ("problem", null, answer.Problem), ("answer", null, WordsOf(answer)), ("user", null, actor));
    }

    /// <summary>Why it was refused, in the receiver's words; a page or a structure is none.</summary>
    private static string? WordsOf(PostedAnswer answer) =>
        answer is { Status: not null, Body: var body } && OneLine.Of(body, LongestReason) is { Length: > 0 } words && words[0] is not ('<' or '{' or '[') ? words : null;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
