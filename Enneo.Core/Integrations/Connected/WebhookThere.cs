using System.Globalization;
using System.Text.Json.Nodes;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>How the webhook of the other side was made, or not.</summary>
/// <param name="TheirWebhookId">Its id there; null where it was not made.</param>
/// <param name="Problem">Why not, in words; null where it was, and where only a person can make it.</param>
public sealed record WebhookThereResult(string? TheirWebhookId, string? Problem);

/// <summary>Another Enneo tells us by a webhook: made there by its API, where its key may administer, and removed again. For admins.</summary>
public sealed class WebhookThere
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly ActingIntegrations _integrations;
    private readonly IntegrationEditing _editing;

    internal WebhookThere(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, ActingIntegrations integrations, IntegrationEditing editing) =>
        (_dbFactory, _lane, _integrations, _editing) = (dbFactory, lane, integrations, editing);

    /// <summary>Makes it, in the place of one to the same address, and takes its secret for our hook.</summary>
    /// <param name="address">Of our hook, as the other side reaches it.</param>
    public async Task<WebhookThereResult> MakeAsync(long integrationId, string address, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!await IsAdminAsync(actor, cancellationToken))
        {
            return new WebhookThereResult(null, ConnectedText.OnlyAdmins);
        }

        try
        {
            if (await _integrations.FindAsync(integrationId, cancellationToken) is not var (acting, _, calls) || acting.Integration.Kind is not OtherKind.Enneo)
            {
                return new WebhookThereResult(null, null);
            }

            if (await calls.GetAsync("webhook", cancellationToken) is var (known, _))
            {
                foreach (var old in JsonRead.Each(known["webhooks"]).Where(webhook => JsonRead.Text(webhook["url"]) == address))
                {
                    await calls.DeleteAsync($"webhook/{JsonRead.Text(old["id"])}", cancellationToken); // its secret was told once, to nobody who is left
                }
            }

            var made = await calls.SendAsync(HttpMethod.Post, "webhook", BodyOf(acting.Integration, address), null, cancellationToken);
            return await KeepAsync(acting.Integration, JsonRead.Text(made["webhook"]?["id"]), JsonRead.Text(made["secret"]), actor, origin, cancellationToken);
        }
        catch (OtherSystemException refused)
        {
            return new WebhookThereResult(null, refused.Status is 403 ? ConnectedText.MayNotAdminister : string.Format(CultureInfo.CurrentCulture, ConnectedText.WebhookNotMade, refused.Message));
        }
    }

    /// <summary>
    /// Changes an integration, and with it what we made there: nothing of it is left there that tells of another mailbox, of
    /// another system, or of one that is switched off; where the integration goes on, it is made anew.
    /// </summary>
    /// <param name="address">Of our hook, as the other side reaches it; null where it has none.</param>
    /// <returns>How the change ended; and why what is there could not be brought in line with it, in words.</returns>
    public async Task<(IntegrationResult Result, string? Problem)> UpdateAsync(
        long integrationId, IntegrationInput input, string? address, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var before = await BeforeAsync(integrationId, cancellationToken);
        var result = await _editing.UpdateAsync(integrationId, input, actor, origin, cancellationToken);
        if (result.IntegrationId is null || before is not ({ Integration: var was }, var calls))
        {
            return (result, null);
        }

        var isOutdated = !input.IsActive || was.Url != input.Url.Trim() || was.TheirMailbox != input.TheirMailbox.Trim();
        var left = isOutdated && was.TheirWebhookId is { } id ? await TryDeleteAsync(calls, id, cancellationToken) : null;
        if (isOutdated && was.TheirWebhookId is not null && left is null)
        {
            await NoteAsync(integrationId, null, cancellationToken);
        }

        var isWanted = input.IsActive && address is not null && (was.TheirWebhookId is not null ? isOutdated : !was.IsActive);
        var unmade = isWanted ? (await MakeAsync(integrationId, address!, actor, origin, cancellationToken)).Problem : null;
        return (result, left is null || unmade is null ? left ?? unmade : $"{left} {unmade}");
    }

    /// <summary>Takes away there what we made there; where the other side does not answer, it stays.</summary>
    /// <returns>Why it is there still, in words; null where nothing of ours is.</returns>
    public async Task<string?> RemoveAsync(long integrationId, Actor actor, CancellationToken cancellationToken)
    {
        try
        {
            if (!await IsAdminAsync(actor, cancellationToken) || await _integrations.FindAsync(integrationId, cancellationToken, evenIfOff: true) is not ({ Integration.TheirWebhookId: { } id }, _, var calls))
            {
                return null;
            }

            return await TryDeleteAsync(calls, id, cancellationToken);
        }
        catch (OtherSystemException unusable)
        {
            return Left(unusable);
        }
    }

    /// <returns>As it is before a change, with its credential of then; null where it has none that could be used.</returns>
    private async Task<(ActingIntegration Acting, OtherCalls Calls)?> BeforeAsync(long integrationId, CancellationToken cancellationToken)
    {
        try
        {
            return await _integrations.FindAsync(integrationId, cancellationToken, evenIfOff: true) is var (acting, _, calls) ? (acting, calls) : null;
        }
        catch (OtherSystemException)
        {
            return null;
        }
    }

    /// <returns>Why it is there still, in words; null where it is gone.</returns>
    private static async Task<string?> TryDeleteAsync(OtherCalls calls, string webhookId, CancellationToken cancellationToken)
    {
        try
        {
            await calls.DeleteAsync($"webhook/{webhookId}", cancellationToken);
            return null;
        }
        catch (OtherSystemException refused)
        {
            return Left(refused);
        }
    }

    private static string Left(OtherSystemException exception) => string.Format(CultureInfo.CurrentCulture, ConnectedText.WebhookLeft, exception.Message);

    private static JsonObject BodyOf(Integration integration, string address)
    {
        JsonObject body = new() { ["url"] = address, ["allowPrivateHost"] = integration.MayBePrivate };
        if (JsonRead.Number(integration.TheirMailbox) is JsonValue mailbox && mailbox.GetValueKind() is System.Text.Json.JsonValueKind.Number)
        {
            body["mailboxIds"] = new JsonArray(mailbox);
        }

        return body;
    }

    private async Task<WebhookThereResult> KeepAsync(Integration integration, string? webhookId, string? secret, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (webhookId is null || secret is null)
        {
            return new WebhookThereResult(null, ConnectedText.NoJson);
        }

        var kept = await _editing.UpdateAsync(integration.Id, IntegrationInput.Of(integration) with { TheirSecret = secret }, actor, origin, cancellationToken);
        if (kept.IntegrationId is null)
        {
            return new WebhookThereResult(null, string.Join(' ', kept.Errors.Values.SelectMany(words => words)));
        }

        await NoteAsync(integration.Id, webhookId, cancellationToken);
        return new WebhookThereResult(webhookId, null);
    }

    private Task NoteAsync(long integrationId, string? webhookId, CancellationToken cancellationToken) => _lane.RunAsync(
        (db, token) => db.Set<Integration>().Where(i => i.Id == integrationId).ExecuteUpdateAsync(set => set.SetProperty(i => i.TheirWebhookId, webhookId), token), cancellationToken);

    private async Task<bool> IsAdminAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return (await Reaches.OfAsync(db, actor, cancellationToken)).IsAll;
    }
}
