using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <param name="Secret">By which calls of the hook are proven; shown once.</param>
internal sealed record MadeParts(long KeyId, long WebhookId, long HookId, string? Secret);

/// <summary>The key, the webhook and the hook that an integration ties together.</summary>
internal sealed class IntegrationParts(ApiKeyEditing keys, WebhookEditing webhooks, HookEditing hooks)
{
    /// <summary>What concerns tickets; a mailbox's own state is no business of the other system.</summary>
    private static readonly string[] s_events =
        [.. Enum.GetValues<WebhookEvent>().Where(happened => happened is not (WebhookEvent.MailboxStateChanged or WebhookEvent.MailboxImported)).Select(happened => happened.ToString())];

    /// <summary>The webhook does nothing until the integration is there: without one it would post to the address of its API.</summary>
    /// <returns>Null with why not.</returns>
    public async Task<(MadeParts? Parts, IntegrationResult? Problem)> AddAsync(IntegrationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var key = await keys.AddServiceAsync(new NewApiKey(input.Name, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send, [input.MailboxId]), actor, origin, cancellationToken);
        if (key.KeyId is not { } keyId)
        {
            return (null, IntegrationResult.Refused("mailboxId", key.Problem ?? IntegrationText.NoSuchMailbox));
        }

        var webhook = await webhooks.AddAsync(WebhookOf(input, keyId) with { IsActive = false }, actor, origin, cancellationToken);
        var hook = await hooks.AddAsync(HookOf(input, keyId), actor, origin, cancellationToken);
        if (webhook.WebhookId is { } webhookId && hook.HookId is { } hookId)
        {
            return (new MadeParts(keyId, webhookId, hookId, hook.Secret), null);
        }

        await RemoveAsync(webhook.WebhookId, hook.HookId, keyId, actor, origin, cancellationToken);
        return (null, new IntegrationResult(null, null, webhook.Errors.Concat(hook.Errors).ToDictionary(NameOf, error => error.Value)));
    }

    /// <summary>Lets the webhook begin or end within the transaction in which the integration comes or goes.</summary>
    public static Task SwitchAsync(EnneoDbContext db, Integration integration, bool isActive, CancellationToken cancellationToken) =>
        db.Set<Webhook>().Where(w => w.Id == integration.WebhookId).ExecuteUpdateAsync(set => set.SetProperty(w => w.IsActive, isActive), cancellationToken);

    public async Task<IntegrationResult> UpdateAsync(Integration integration, IntegrationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (integration.WebhookId is { } webhookId)
        {
            await webhooks.UpdateAsync(webhookId, WebhookOf(input, integration.KeyId), rotate: false, actor, origin, cancellationToken);
        }

        if (integration.HookId is { } hookId)
        {
            var hook = await hooks.UpdateAsync(hookId, HookOf(input, integration.KeyId), rotate: false, actor, origin, cancellationToken);
            if (hook.Errors.Count > 0)
            {
                return new IntegrationResult(null, null, hook.Errors.ToDictionary(NameOf, error => error.Value));
            }
        }

        return new IntegrationResult(integration.Id, null, new Dictionary<string, string[]>());
    }

    public async Task RemoveAsync(long? webhookId, long? hookId, long? keyId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (webhookId is { } webhook)
        {
            await webhooks.RemoveAsync(webhook, actor, origin, cancellationToken);
        }

        if (hookId is { } hook)
        {
            await hooks.RemoveAsync(hook, actor, origin, cancellationToken);
        }

        if (keyId is { } key)
        {
            await keys.RevokeAsync(key, actor, origin, cancellationToken);
        }
    }

    private static string NameOf(KeyValuePair<string, string[]> error) => error.Key == "secret" ? "theirSecret" : error.Key;

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
}
