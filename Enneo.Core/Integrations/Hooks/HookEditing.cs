using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes.Rules;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>Sets up which systems may tell us what. For admins.</summary>
public sealed class HookEditing(WriterLane lane, Reaches reaches, ApiKeyEditing keys, HookSecrets secrets, HookInputValidator validator, TimeProvider clock)
{
    /// <summary>It acts by the key of its system, or else by one of its own, which nobody ever sees.</summary>
    public async Task<HookResult> AddAsync(HookInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await ProblemAsync(input, actor, cancellationToken) is { } refused)
        {
            return refused;
        }

        if (await lane.RunAsync((db, token) => PlaceProblemAsync(db, input, token), cancellationToken) is { } misplaced)
        {
            return misplaced;
        }

        var keyId = input.KeyId ?? (await keys.AddServiceAsync(new NewApiKey(input.Name, ApiScopes.Write, [input.MailboxId]), actor, origin, cancellationToken)).KeyId;
        if (keyId is null)
        {
            return HookResult.Refused("mailboxId", IntegrationText.NoSuchMailbox);
        }

        var secret = input.Secret ?? HookSecrets.New(input.Proof);
        return await lane.RunAsync(
            async (db, token) =>
            {
                var hook = Made(input, keyId.Value, secret);
                db.Add(hook);
                await db.SaveChangesAsync(token); // gives it its id
                db.Activity.Add(EntryOf(ActivityKind.HookAdded, hook, actor, origin, [("proof", null, hook.Proof.ToString()), ("action", null, hook.Action.ToString()), ("mailbox", null, hook.MailboxId)]));
                await db.SaveChangesAsync(token);
                return new HookResult(hook.Id, secret, new Dictionary<string, string[]>());
            },
            cancellationToken);
    }

    /// <summary>Another way to prove a call brings another secret; a secret that is named takes effect beside the earlier one.</summary>
    /// <param name="rotate">Gives it a new secret; the earlier one is good too for <see cref="HookSecrets.Rotation"/>.</param>
    public async Task<HookResult> UpdateAsync(long hookId, HookInput input, bool rotate, Actor actor, string origin, CancellationToken cancellationToken) =>
        await ProblemAsync(input, actor, cancellationToken) ?? await lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Set<IncomingHook>().SingleOrDefaultAsync(h => h.Id == hookId, token) is not { } hook)
                {
                    return HookResult.Missing;
                }

                var changes = Differences(HookInput.Of(hook), input).ToList();
                var isOtherKind = hook.Proof != input.Proof && (hook.Proof is HookProof.StandardWebhooks || input.Proof is HookProof.StandardWebhooks);
                var secret = rotate || isOtherKind || input.Secret is not null ? input.Secret ?? HookSecrets.New(input.Proof) : null;
                if (secret is not null)
                {
                    (hook.ProtectedEarlierSecret, hook.EarlierUntil) = isOtherKind ? ((string?)null, (DateTimeOffset?)null) : (hook.ProtectedSecret, clock.GetUtcNow() + HookSecrets.Rotation);
                    hook.ProtectedSecret = secrets.Protect(secret);
                    changes.Add(("secret", null, "changed"));
                }

                (hook.Name, hook.Proof, hook.ProofHeader) = (input.Name.Trim(), input.Proof, input.NamesHeader ? input.ProofHeader : null);
                (hook.Action, hook.Kind, hook.WhenPath, hook.WhenValues) = (input.Action, input.Kind, Trimmed(input.WhenPath), [.. input.WhenValues]);
                (hook.Fields, hook.TagIds, hook.IsActive) = (input.FieldsJson, [.. input.TagIds.Distinct()], input.IsActive);
                db.Activity.Add(EntryOf(ActivityKind.HookChanged, hook, actor, origin, [.. changes]));
                await db.SaveChangesAsync(token);
                return new HookResult(hook.Id, secret, new Dictionary<string, string[]>());
            },
            cancellationToken);

    /// <summary>With its log; what it brought stays.</summary>
    /// <returns>Whether there was such a hook.</returns>
    public async Task<bool> RemoveAsync(long hookId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (!(await reaches.FindAsync(actor, cancellationToken)).IsAll)
        {
            return false;
        }

        var removed = await lane.RunAsync(
            async (db, token) =>
            {
                var hook = await db.Set<IncomingHook>().SingleOrDefaultAsync(h => h.Id == hookId, token);
                if (hook is not null)
                {
                    db.Remove(hook);
                    db.Activity.Add(EntryOf(ActivityKind.HookRemoved, hook, actor, origin, []));
                    await db.SaveChangesAsync(token);
                }

                return hook;
            },
            cancellationToken);
        if (removed is { HasOwnKey: true, KeyId: { } keyId })
        {
            await keys.RevokeAsync(keyId, actor, origin, cancellationToken);
        }

        return removed is not null;
    }

    private IncomingHook Made(HookInput input, long keyId, string secret) => new()
    {
        Name = input.Name.Trim(),
        MailboxId = input.MailboxId,
        KeyId = keyId,
        HasOwnKey = input.KeyId is null,
        Proof = input.Proof,
        ProofHeader = input.NamesHeader ? input.ProofHeader : null,
        ProtectedSecret = secrets.Protect(secret),
        Action = input.Action,
        Kind = input.Kind,
        WhenPath = Trimmed(input.WhenPath),
        WhenValues = [.. input.WhenValues],
        Fields = input.FieldsJson,
        TagIds = [.. input.TagIds.Distinct()],
        IsActive = input.IsActive,
        CreatedAt = clock.GetUtcNow(),
    };

    private async Task<HookResult?> ProblemAsync(HookInput input, Actor actor, CancellationToken cancellationToken) =>
        FieldPaths.Of(await validator.ValidateAsync(input, cancellationToken)) is { Count: > 0 } errors ? new HookResult(null, null, errors)
        : !(await reaches.FindAsync(actor, cancellationToken)).IsAll ? HookResult.Refused("", HookText.OnlyAdmins)
        : null;

    /// <summary>The mailbox is there, and the key whose name it takes may write in it.</summary>
    private static async Task<HookResult?> PlaceProblemAsync(EnneoDbContext db, HookInput input, CancellationToken cancellationToken)
    {
        if (!await db.Mailboxes.AnyAsync(m => m.Id == input.MailboxId && m.RemovedAt == null, cancellationToken))
        {
            return HookResult.Refused("mailboxId", IntegrationText.NoSuchMailbox);
        }

        if (input.KeyId is not { } keyId)
        {
            return null;
        }

        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.Id == keyId && k.RevokedAt == null, cancellationToken);
        return key is not null && key.Scopes.HasFlag(ApiScopes.Write) && (key.MailboxIds is null || key.MailboxIds.Contains(input.MailboxId)) ? null : HookResult.Refused("keyId", HookText.KeyCannot);
    }

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private ActivityEntry EntryOf(ActivityKind kind, IncomingHook hook, Actor actor, string origin, ReadOnlySpan<(string Field, object? Old, object? New)> changes) =>
        ActivityEntry.Of(kind, actor, origin, clock, changes: [("hook", null, hook.Id), ("name", null, hook.Name), .. changes]);

    private static IEnumerable<(string Field, object? Old, object? New)> Differences(HookInput before, HookInput after) => new (string Field, object? Old, object? New)[]
    {
        ("called", before.Name, after.Name.Trim()),
        ("proof", before.Proof.ToString(), after.Proof.ToString()),
        ("header", before.ProofHeader, after.NamesHeader ? after.ProofHeader : null),
        ("action", before.Action.ToString(), after.Action.ToString()),
        ("kind", before.Kind.ToString(), after.Kind.ToString()),
        ("when", $"{before.WhenPath} {string.Join(' ', before.WhenValues)}", $"{Trimmed(after.WhenPath)} {string.Join(' ', after.WhenValues)}"),
        ("fields", before.FieldsJson, after.FieldsJson),
        ("tags", string.Join(' ', before.TagIds), string.Join(' ', after.TagIds)),
        ("active", before.IsActive, after.IsActive),
    }.Where(change => !Equals(change.Old, change.New));
}
