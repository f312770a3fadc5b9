using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Sets up which other systems are kept in step. For admins.</summary>
public sealed class IntegrationEditing
{
    private const int MarkBytes = 5;

    private readonly WriterLane _lane;
    private readonly Reaches _reaches;
    private readonly IntegrationParts _parts;
    private readonly ActingIntegrations _integrations;
    private readonly IntegrationInputValidator _validator;
    private readonly TimeProvider _clock;

    internal IntegrationEditing(
        WriterLane lane, Reaches reaches, IntegrationParts parts, ActingIntegrations integrations, IntegrationInputValidator validator, TimeProvider clock) =>
        (_lane, _reaches, _parts, _integrations, _validator, _clock) = (lane, reaches, parts, integrations, validator, clock);

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

        var (parts, problem) = await _parts.AddAsync(input, actor, origin, cancellationToken);
        if (parts is null)
        {
            return problem!;
        }

        var id = await _lane.RunAsync<long?>(
            async (db, token) =>
            {
                if (await IsOthersToSendAsync(db, input, exceptId: 0, token))
                {
                    return null;
                }

                var integration = Made(input, parts);
                db.Add(integration);
                await db.SaveChangesAsync(token); // gives it its id
                await IntegrationParts.SwitchAsync(db, integration, integration.IsActive, token);
                db.Activity.Add(EntryOf(ActivityKind.IntegrationAdded, integration, actor, origin, [("url", null, integration.Url), ("owner", null, integration.Owner.ToString())]));
                await DecideSendingAsync(db, integration.MailboxId, token);
                return integration.Id;
            },
            cancellationToken);
        if (id is null)
        {
            await _parts.RemoveAsync(parts.WebhookId, parts.HookId, parts.KeyId, actor, origin, cancellationToken);
            return IntegrationResult.Refused("owner", ConnectedText.OthersSend);
        }

        return new IntegrationResult(id, input.TheirSecret is null ? parts.Secret : null, new Dictionary<string, string[]>());
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

                problem = await ProblemAsync(db, integration, input, token);
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
        return changed is null ? problem ?? IntegrationResult.Missing : await _parts.UpdateAsync(changed, input, actor, origin, cancellationToken);
    }

    /// <returns>Why it cannot be removed now, in words; null where it can.</returns>
    public Task<string?> FindRemovalProblemAsync(long integrationId, Actor actor, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) => !(await Reaches.OfAsync(db, actor, token)).IsAll ? ConnectedText.OnlyAdmins
            : await db.Set<Integration>().AsNoTracking().SingleOrDefaultAsync(i => i.Id == integrationId, token) is { } integration
            ? await RemovalProblemAsync(db, integration, token)
            : null,
        cancellationToken);

    /// <summary>With its key, webhook and hook; tickets stay as they are on both sides.</summary>
    public async Task<IntegrationResult> RemoveAsync(long integrationId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!(await _reaches.FindAsync(actor, cancellationToken)).IsAll)
        {
            return IntegrationResult.Refused("", ConnectedText.OnlyAdmins);
        }

        string? problem = null;
        var removed = await _lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Set<Integration>().SingleOrDefaultAsync(i => i.Id == integrationId, token) is not { } integration
                    || (problem = await RemovalProblemAsync(db, integration, token)) is not null)
                {
                    return null;
                }

                await IntegrationParts.SwitchAsync(db, integration, isActive: false, token);
                db.Remove(integration);
                db.Activity.Add(EntryOf(ActivityKind.IntegrationRemoved, integration, actor, origin, []));
                await DecideSendingAsync(db, integration.MailboxId, token);
                return integration;
            },
            cancellationToken);
        if (removed is null)
        {
            return problem is null ? IntegrationResult.Missing : IntegrationResult.Refused("", problem);
        }

        await _parts.RemoveAsync(removed.WebhookId, removed.HookId, removed.KeyId, actor, origin, cancellationToken);
        return new IntegrationResult(integrationId, null, new Dictionary<string, string[]>());
    }

    private async Task<IntegrationResult?> ProblemAsync(IntegrationInput input, Actor actor, CancellationToken cancellationToken) =>
        FieldPaths.Of(await _validator.ValidateAsync(input, cancellationToken)) is { Count: > 0 } errors ? new IntegrationResult(null, null, errors)
        : !(await _reaches.FindAsync(actor, cancellationToken)).IsAll ? IntegrationResult.Refused("", ConnectedText.OnlyAdmins)
        : null;

    /// <summary>What stands against a change of one that is at work.</summary>
    private async Task<IntegrationResult?> ProblemAsync(EnneoDbContext db, Integration integration, IntegrationInput input, CancellationToken cancellationToken)
    {
        Uri before = new(integration.Url), after = new(input.Url.Trim());
        if (string.IsNullOrWhiteSpace(input.Credential) && (before.Scheme, before.Host, before.Port) != (after.Scheme, after.Host, after.Port))
        {
            return IntegrationResult.Refused("credential", ConnectedText.CredentialMissing); // it was not entered for that address
        }

        return input.Owner != integration.Owner && await IsMailUnderWayAsync(db, integration.MailboxId, cancellationToken) ? IntegrationResult.Refused("owner", ConnectedText.MailUnderWay)
            : await IsOthersToSendAsync(db, input with { MailboxId = integration.MailboxId }, integration.Id, cancellationToken) ? IntegrationResult.Refused("owner", ConnectedText.OthersSend)
            : null;
    }

    /// <summary>What is just being handed to the other side would be sent from here too; by one that is switched off nothing is.</summary>
    private async Task<string?> RemovalProblemAsync(EnneoDbContext db, Integration integration, CancellationToken cancellationToken) =>
        integration is { Owner: SendingOwner.There, IsActive: true } && await IsMailUnderWayAsync(db, integration.MailboxId, cancellationToken) ? ConnectedText.MailUnderWayThere : null;

    /// <summary>Mail that is between the two would be sent by both.</summary>
    private Task<bool> IsMailUnderWayAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        return db.Outbox.AnyAsync(
            o => o.MailboxId == mailboxId && (o.State == DeliveryState.Sending || o.State == DeliveryState.Uncertain || (o.State == DeliveryState.Queued && o.NextAttemptAt <= now)), cancellationToken);
    }

    /// <summary>Two systems that send what is written in one mailbox would both send it.</summary>
    private static async Task<bool> IsOthersToSendAsync(EnneoDbContext db, IntegrationInput input, long exceptId, CancellationToken cancellationToken) => input.Owner is SendingOwner.There
        && await db.Set<Integration>().AnyAsync(i => i.MailboxId == input.MailboxId && i.Id != exceptId && i.Owner == SendingOwner.There, cancellationToken);

    private Integration Made(IntegrationInput input, MadeParts parts) => new()
    {
        Name = input.Name.Trim(),
        Kind = input.Kind,
        Url = input.Url.Trim(),
        MayBePrivate = input.MayBePrivate,
        ProtectedCredential = _integrations.Protect(input.Credential!.Trim()),
        MailboxId = input.MailboxId,
        TheirMailbox = input.TheirMailbox.Trim(),
        KeyId = parts.KeyId,
        WebhookId = parts.WebhookId,
        HookId = parts.HookId,
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
