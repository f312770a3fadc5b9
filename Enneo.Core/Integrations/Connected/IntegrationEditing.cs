using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Sets up which other systems are kept in step. For admins.</summary>
public sealed class IntegrationEditing
{
    private const int MarkBytes = 5;

    /// <summary>What concerns tickets; a mailbox's own state is no business of the other system.</summary>
    private static readonly string[] s_events =
        [.. Enum.GetValues<WebhookEvent>().Where(happened => happened is not (WebhookEvent.MailboxStateChanged or WebhookEvent.MailboxImported)).Select(happened => happened.ToString())];

    private readonly WriterLane _lane;
    private readonly Reaches _reaches;
    private readonly ApiKeyEditing _keys;
    private readonly WebhookEditing _webhooks;
    private readonly HookEditing _hooks;
    private readonly ActingIntegrations _integrations;
    private readonly IntegrationInputValidator _validator;
    private readonly TimeProvider _clock;

    internal IntegrationEditing(
        WriterLane lane, Reaches reaches, ApiKeyEditing keys, WebhookEditing webhooks, HookEditing hooks, ActingIntegrations integrations, IntegrationInputValidator validator, TimeProvider clock) =>
        (_lane, _reaches, _keys, _webhooks, _hooks, _integrations, _validator, _clock) = (lane, reaches, keys, webhooks, hooks, integrations, validator, clock);

    /// <summary>Makes its key, its webhook and its hook with it.</summary>
    public async Task<IntegrationResult> AddAsync(IntegrationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await ProblemAsync(input, actor, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (string.IsNullOrWhiteSpace(input.Credential))
        {
            return IntegrationResult.Refused("credential", ConnectedText.CredentialMissing);
        }

        var key = await _keys.AddServiceAsync(new NewApiKey(input.Name, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send, [input.MailboxId]), actor, origin, cancellationToken);
        if (key.KeyId is not { } keyId)
        {
            return IntegrationResult.Refused("mailboxId", key.Problem ?? IntegrationText.NoSuchMailbox);
        }

        var webhook = await _webhooks.AddAsync(WebhookOf(input, keyId), actor, origin, cancellationToken);
        var hook = await _hooks.AddAsync(HookOf(input, keyId), actor, origin, cancellationToken);
        if (webhook.WebhookId is not { } webhookId || hook.HookId is not { } hookId)
        {
            await RemovePartsAsync(webhook.WebhookId, hook.HookId, keyId, actor, origin, cancellationToken);
            return new IntegrationResult(null, null, webhook.Errors.Concat(hook.Errors).ToDictionary(error => error.Key == "secret" ? "theirSecret" : error.Key, error => error.Value));
        }

        var id = await _lane.RunAsync<long?>(
            async (db, token) =>
            {
                if (await IsOthersToSendAsync(db, input, exceptId: 0, token))
                {
                    return null;
                }

                var integration = Made(input, keyId, webhookId, hookId);
                db.Add(integration);
                await db.SaveChangesAsync(token); // gives it its id
                db.Activity.Add(EntryOf(ActivityKind.IntegrationAdded, integration, actor, origin, [("url", null, integration.Url), ("owner", null, integration.Owner.ToString())]));
                await DecideSendingAsync(db, integration.MailboxId, token);
                return integration.Id;
            },
            cancellationToken);
        if (id is null)
        {
            await RemovePartsAsync(webhookId, hookId, keyId, actor, origin, cancellationToken);
            return IntegrationResult.Refused("owner", ConnectedText.OthersSend);
        }

        return new IntegrationResult(id, input.TheirSecret is null ? hook.Secret : null, new Dictionary<string, string[]>());
    }

    public async Task<IntegrationResult> UpdateAsync(long integrationId, IntegrationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await ProblemAsync(input, actor, cancellationToken) is { } refused)
        {
            return refused;
        }

        IntegrationResult? problem = null;
        var changed = await _lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Set<Integration>().SingleOrDefaultAsync(i => i.Id == integrationId, token) is not { } integration)
                {
                    return null;
                }

                problem = await ProblemAsync(db, integration, input, _clock.GetUtcNow(), token);
                if (problem is not null)
                {
                    return null;
                }

                var changes = Differences(integration, input);
                integration.TheirWebhookId = integration.Url == input.Url.Trim() ? integration.TheirWebhookId : null; // else it is another system's
                (integration.Name, integration.Url, integration.MayBePrivate, integration.TheirMailbox) = (input.Name.Trim(), input.Url.Trim(), input.MayBePrivate, input.TheirMailbox.Trim());
                (integration.Owner, integration.MailsPublicComments, integration.Rules, integration.IsActive, integration.Deletions) =
                    (input.Owner, input.MailsPublicComments, JsonSerializer.Serialize(input.Rules), input.IsActive, input.Deletions);
                if (!string.IsNullOrWhiteSpace(input.Credential))
                {
                    integration.ProtectedCredential = _integrations.Protect(input.Credential.Trim());
                    changes = [.. changes, ("credential", null, "changed")];
                }

                db.Activity.Add(EntryOf(ActivityKind.IntegrationChanged, integration, actor, origin, changes));
                await DecideSendingAsync(db, integration.MailboxId, token);
                return integration;
            },
            cancellationToken);
        return changed is null ? problem ?? IntegrationResult.Missing : await UpdatePartsAsync(changed, input, actor, origin, cancellationToken);
    }

    /// <summary>With its key, webhook and hook; tickets stay as they are on both sides.</summary>
    /// <returns>Whether there was such an integration.</returns>
    public async Task<bool> RemoveAsync(long integrationId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!(await _reaches.FindAsync(actor, cancellationToken)).IsAll)
        {
            return false;
        }

        var removed = await _lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Set<Integration>().SingleOrDefaultAsync(i => i.Id == integrationId, token) is not { } integration)
                {
                    return null;
                }

                db.Remove(integration);
                db.Activity.Add(EntryOf(ActivityKind.IntegrationRemoved, integration, actor, origin, []));
                await DecideSendingAsync(db, integration.MailboxId, token);
                return integration;
            },
            cancellationToken);
        if (removed is not null)
        {
            await RemovePartsAsync(removed.WebhookId, removed.HookId, removed.KeyId, actor, origin, cancellationToken);
        }

        return removed is not null;
    }

    private static WebhookInput WebhookOf(IntegrationInput input, long? keyId) => new()
    {
        Url = input.Url,
        Events = s_events,
        MailboxIds = [input.MailboxId],
        MayBePrivate = input.MayBePrivate,
        OwnKeyId = keyId,
        IsActive = input.IsActive,
    };

    private static HookInput HookOf(IntegrationInput input, long? keyId) => new()
    {
        Name = input.Name,
        MailboxId = input.MailboxId,
        KeyId = keyId,
        Proof = input.Kind is OtherKind.Enneo ? HookProof.StandardWebhooks : HookProof.Bearer,
        Secret = string.IsNullOrWhiteSpace(input.TheirSecret) ? null : input.TheirSecret.Trim(),
        Action = HookAction.Read,
        Fields = new Dictionary<string, string> { [HookFields.ExternalTicket] = input.Kind is OtherKind.Zammad ? "$.ticket.id" : "$.ticketId" },
        IsActive = input.IsActive,
    };

    private async Task<IntegrationResult> UpdatePartsAsync(Integration integration, IntegrationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (integration.WebhookId is { } webhookId)
        {
            await _webhooks.UpdateAsync(webhookId, WebhookOf(input, integration.KeyId), rotate: false, actor, origin, cancellationToken);
        }

        if (integration.HookId is { } hookId)
        {
            var hook = await _hooks.UpdateAsync(hookId, HookOf(input, integration.KeyId), rotate: false, actor, origin, cancellationToken);
            if (hook.Errors.Count > 0)
            {
                return new IntegrationResult(null, null, hook.Errors.ToDictionary(error => error.Key == "secret" ? "theirSecret" : error.Key, error => error.Value));
            }
        }

        return new IntegrationResult(integration.Id, null, new Dictionary<string, string[]>());
    }

    private async Task RemovePartsAsync(long? webhookId, long? hookId, long? keyId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (webhookId is { } webhook)
        {
            await _webhooks.RemoveAsync(webhook, actor, origin, cancellationToken);
        }

        if (hookId is { } hook)
        {
            await _hooks.RemoveAsync(hook, actor, origin, cancellationToken);
        }

        if (keyId is { } key)
        {
            await _keys.RevokeAsync(key, actor, origin, cancellationToken);
        }
    }

    private async Task<IntegrationResult?> ProblemAsync(IntegrationInput input, Actor actor, CancellationToken cancellationToken) =>
        FieldPaths.Of(await _validator.ValidateAsync(input, cancellationToken)) is { Count: > 0 } errors ? new IntegrationResult(null, null, errors)
        : !(await _reaches.FindAsync(actor, cancellationToken)).IsAll ? IntegrationResult.Refused("", ConnectedText.OnlyAdmins)
        : null;

    /// <summary>What stands against a change of one that is at work.</summary>
    private static async Task<IntegrationResult?> ProblemAsync(EnneoDbContext db, Integration integration, IntegrationInput input, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Uri before = new(integration.Url), after = new(input.Url.Trim());
        if (string.IsNullOrWhiteSpace(input.Credential) && (before.Scheme, before.Host, before.Port) != (after.Scheme, after.Host, after.Port))
        {
            return IntegrationResult.Refused("credential", ConnectedText.CredentialMissing); // it was not entered for that address
        }

        // Mail that is between the two would be sent by both.
        return input.Owner != integration.Owner
            && await db.Outbox.AnyAsync(
                o => o.MailboxId == integration.MailboxId && (o.State == DeliveryState.Sending || o.State == DeliveryState.Uncertain || (o.State == DeliveryState.Queued && o.NextAttemptAt <= now)), cancellationToken)
                ? IntegrationResult.Refused("owner", ConnectedText.MailUnderWay)
            : await IsOthersToSendAsync(db, input with { MailboxId = integration.MailboxId }, integration.Id, cancellationToken) ? IntegrationResult.Refused("owner", ConnectedText.OthersSend)
            : null;
    }

    /// <summary>Two systems that send what is written in one mailbox would both send it.</summary>
    private static async Task<bool> IsOthersToSendAsync(EnneoDbContext db, IntegrationInput input, long exceptId, CancellationToken cancellationToken) => input.Owner is SendingOwner.There
        && await db.Set<Integration>().AnyAsync(i => i.MailboxId == input.MailboxId && i.Id != exceptId && i.Owner == SendingOwner.There, cancellationToken);

    private Integration Made(IntegrationInput input, long keyId, long webhookId, long hookId) => new()
    {
        Name = input.Name.Trim(),
        Kind = input.Kind,
        Url = input.Url.Trim(),
        MayBePrivate = input.MayBePrivate,
        ProtectedCredential = _integrations.Protect(input.Credential!.Trim()),
        MailboxId = input.MailboxId,
        TheirMailbox = input.TheirMailbox.Trim(),
        KeyId = keyId,
        WebhookId = webhookId,
        HookId = hookId,
        Owner = input.Owner,
        MailsPublicComments = input.MailsPublicComments,
        Rules = JsonSerializer.Serialize(input.Rules),
        Deletions = input.Deletions,
        Mark = $"enneo{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MarkBytes))}",
        IsActive = input.IsActive,
        CreatedAt = _clock.GetUtcNow(),
    };

    /// <summary>Also while it is switched off: mail that the other side was to send does not leave from here by itself.</summary>
    private static async Task DecideSendingAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        var isElsewhere = await db.Set<Integration>().AnyAsync(i => i.MailboxId == mailboxId && i.Owner == SendingOwner.There, cancellationToken);
        await db.Mailboxes.Where(m => m.Id == mailboxId && m.IsSentElsewhere != isElsewhere)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.IsSentElsewhere, isElsewhere).SetProperty(m => m.Version, m => m.Version + 1), cancellationToken);
    }

    private static (string, object?, object?)[] Differences(Integration before, IntegrationInput after) =>
    [
        .. new (string Field, object? Old, object? New)[]
        {
            ("called", before.Name, after.Name.Trim()),
            ("url", before.Url, after.Url.Trim()),
            ("private", before.MayBePrivate, after.MayBePrivate),
            ("mailbox", before.TheirMailbox, after.TheirMailbox.Trim()),
            ("owner", before.Owner.ToString(), after.Owner.ToString()),
            ("mailsPublic", before.MailsPublicComments, after.MailsPublicComments),
            ("rules", before.Rules, JsonSerializer.Serialize(after.Rules)),
            ("deletions", before.Deletions.ToString(), after.Deletions.ToString()),
            ("active", before.IsActive, after.IsActive),
        }.Where(change => !Equals(change.Old, change.New)),
    ];

    private ActivityEntry EntryOf(ActivityKind kind, Integration integration, Actor actor, string origin, ReadOnlySpan<(string Field, object? Old, object? New)> changes) =>
        ActivityEntry.Of(kind, actor, origin, _clock, changes: [("integration", null, integration.Id), ("name", null, integration.Name), .. changes]);
}
