using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Sets up who is told what. For admins; a key that is limited to mailboxes sets up what stays within them.</summary>
public sealed class WebhookEditing(WriterLane lane, WebhookSigning signing, WebhookInputValidator validator, TimeProvider clock)
{
    /// <summary>How long the earlier secret signs beside a new one.</summary>
    public static readonly TimeSpan Rotation = TimeSpan.FromDays(1);

    /// <summary>It is told what happens from now on.</summary>
    public Task<WebhookResult> AddAsync(WebhookInput input, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await ProblemAsync(db, input, actor, token) is { } refused)
            {
                return refused;
            }

            var secret = WebhookSigning.NewSecret();
            Webhook webhook = new()
            {
                Url = input.Url.Trim(),
                Events = [.. input.Events.Distinct()],
                MailboxIds = input.MailboxIds?.Distinct().Order().ToList(),
                IsActive = input.IsActive,
                IsSynchronous = input.IsSynchronous,
                MayBePrivate = input.MayBePrivate,
                TrustedCertificate = TrustedOf(input),
                OwnKeyId = input.OwnKeyId,
                ProtectedSecret = signing.Protect(secret),
                Cursor = await NowAsync(db, token),
                CreatedAt = clock.GetUtcNow(),
            };
            db.Add(webhook);
            await db.SaveChangesAsync(token); // gives it its id
            db.Activity.Add(EntryOf(ActivityKind.WebhookAdded, webhook, actor, origin, [("url", null, webhook.Url), ("events", null, webhook.Events), ("mailboxes", null, webhook.MailboxIds)]));
            await db.SaveChangesAsync(token);
            return new WebhookResult(webhook.Id, secret, new Dictionary<string, string[]>());
        },
        cancellationToken);

    /// <summary>Whatever it was like, it is tried anew from here. One that was switched off is told what happens from now on.</summary>
    /// <param name="rotate">Gives it a new secret; the earlier one signs too for <see cref="Rotation"/>.</param>
    public Task<WebhookResult> UpdateAsync(long webhookId, WebhookInput input, bool rotate, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await WebhookReach.FindAsync(db, webhookId, actor, token) is not { } webhook)
            {
                return WebhookResult.Missing;
            }

            if (await ProblemAsync(db, input, actor, token) is { } refused)
            {
                return refused;
            }

            var changes = Differences(webhook, input).ToList();
            if (!webhook.IsActive && input.IsActive && !await db.Set<Connected.Integration>().AnyAsync(i => i.WebhookId == webhookId, token))
            {
                webhook.Cursor = await NowAsync(db, token);
            }

            (webhook.Url, webhook.Events, webhook.MailboxIds) = (input.Url.Trim(), [.. input.Events.Distinct()], input.MailboxIds?.Distinct().Order().ToList());
            (webhook.IsActive, webhook.IsSynchronous, webhook.MayBePrivate, webhook.OwnKeyId) = (input.IsActive, input.IsSynchronous, input.MayBePrivate, input.OwnKeyId);
            webhook.TrustedCertificate = TrustedOf(input);
            (webhook.Failures, webhook.FailingSince, webhook.RetryAt, webhook.PausedAt) = (0, null, null, null);
            var secret = rotate ? Rotate(webhook) : null;
            if (rotate)
            {
                changes.Add(("secret", null, "changed"));
            }

            if (webhook.MailboxIds is { } ids)
            {
                // What no longer concerns it is neither told, nor shown to a key that is limited to the others.
                await db.Set<WebhookDelivery>().Where(d => d.WebhookId == webhookId && d.MailboxId != null && !ids.Contains(d.MailboxId.Value)).ExecuteDeleteAsync(token);
            }

            var now = clock.GetUtcNow();
            await db.Set<WebhookDelivery>()
                .Where(d => d.WebhookId == webhookId && d.AwaitsMessageId == null && (d.State == WebhookDeliveryState.Waiting || (d.State == WebhookDeliveryState.Parked && !input.IsSynchronous)))
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.State, WebhookDeliveryState.Waiting).SetProperty(d => d.DueAt, now), token);
            db.Activity.Add(EntryOf(ActivityKind.WebhookChanged, webhook, actor, origin, [("url", null, webhook.Url), .. changes]));
            await db.SaveChangesAsync(token);
            return new WebhookResult(webhook.Id, secret, new Dictionary<string, string[]>());
        },
        cancellationToken);

    /// <returns>Whether there was such a webhook.</returns>
    public Task<bool> RemoveAsync(long webhookId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await WebhookReach.FindAsync(db, webhookId, actor, token) is not { } webhook)
            {
                return false;
            }

            db.Remove(webhook); // its deliveries go with it
            db.Activity.Add(EntryOf(ActivityKind.WebhookRemoved, webhook, actor, origin, [("url", webhook.Url, null)]));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private string Rotate(Webhook webhook)
    {
        var secret = WebhookSigning.NewSecret();
        (webhook.ProtectedEarlierSecret, webhook.EarlierUntil) = (webhook.ProtectedSecret, clock.GetUtcNow() + Rotation);
        webhook.ProtectedSecret = signing.Protect(secret);
        return secret;
    }

    private async Task<WebhookResult?> ProblemAsync(EnneoDbContext db, WebhookInput input, Actor actor, CancellationToken cancellationToken)
    {
        if (FieldPaths.Of(await validator.ValidateAsync(input, cancellationToken)) is { Count: > 0 } errors)
        {
            return new WebhookResult(null, null, errors);
        }

        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (!WebhookReach.Covers(reach, input.MailboxIds)
            || (input.MailboxIds is { } ids && await db.Mailboxes.CountAsync(m => ids.Contains(m.Id) && m.RemovedAt == null, cancellationToken) != ids.Distinct().Count()))
        {
            return WebhookResult.Refused("mailboxIds", IntegrationText.NoSuchMailbox);
        }

        if (input.MayBePrivate && !reach.IsAll)
        {
            return WebhookResult.Refused("allowPrivateHost", WebhookText.PrivateIsForAll);
        }

        return input.OwnKeyId is not { } key || key == actor.ApiKeyId || (reach.IsAll && await db.ApiKeys.AnyAsync(k => k.Id == key, cancellationToken))
            ? null
            : WebhookResult.Refused("ownKeyId", WebhookText.KeyUnknown);
    }

    private static string? TrustedOf(WebhookInput input) => CertificateFingerprint.TryNormalize(input.TrustedCertificate, out var fingerprint) ? fingerprint : null;

    private static async Task<long> NowAsync(EnneoDbContext db, CancellationToken cancellationToken) => await db.Activity.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;

    private ActivityEntry EntryOf(ActivityKind kind, Webhook webhook, Actor actor, string origin, ReadOnlySpan<(string Field, object? Old, object? New)> changes) =>
        ActivityEntry.Of(kind, actor, origin, clock, changes: [("webhook", null, webhook.Id), .. changes]);

    private static IEnumerable<(string Field, object? Old, object? New)> Differences(Webhook before, WebhookInput after) => new (string Field, object? Old, object? New)[]
    {
        ("url", before.Url, after.Url.Trim()),
        ("events", string.Join(' ', before.Events), string.Join(' ', after.Events)),
        ("mailboxes", before.MailboxIds is null ? "all" : string.Join(' ', before.MailboxIds), after.MailboxIds is null ? "all" : string.Join(' ', after.MailboxIds)),
        ("active", before.IsActive, after.IsActive),
        ("synchronous", before.IsSynchronous, after.IsSynchronous),
        ("private", before.MayBePrivate, after.MayBePrivate),
        ("trustedCertificate", before.TrustedCertificate, TrustedOf(after)),
        ("ownKey", before.OwnKeyId, after.OwnKeyId),
    }.Where(change => !Equals(change.Old, change.New));
}
