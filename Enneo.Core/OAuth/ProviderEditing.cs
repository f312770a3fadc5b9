using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.OAuth;

/// <summary>Adds, changes, removes and checks providers besides Microsoft. For admins.</summary>
public sealed class ProviderEditing
{
    /// <summary>Where it is asked whether a new certificate is trusted.</summary>
    public const string TrustField = "certificateTrust";

    private static readonly IReadOnlyDictionary<string, string[]> s_noErrors = new Dictionary<string, string[]>();

    private readonly WriterLane _lane;
    private readonly ProviderSecrets _secrets;
    private readonly OpenClient _client;
    private readonly TokenRevocation _revocation;
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly TimeProvider _clock;

    internal ProviderEditing(
        WriterLane lane, ProviderSecrets secrets, OpenClient client, TokenRevocation revocation, IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock) =>
        (_lane, _secrets, _client, _revocation, _dbFactory, _clock) = (lane, secrets, client, revocation, dbFactory, clock);

    /// <param name="providerId">Null to add one.</param>
    public Task<ProviderResult> SaveAsync(long? providerId, ProviderInput input, Actor actor, string origin, CancellationToken cancellationToken) => RevokingAsync(
        async (db, forgotten, token) =>
        {
            var wanted = ProviderRules.Normalized(input);
            var errors = ProviderRules.Check(wanted);
            var stored = providerId is { } id ? await db.OAuthProviders.AsTracking().SingleOrDefaultAsync(p => p.Id == id, token) : null;
            if (providerId is not null && stored is null)
            {
                errors["name"] = [ProviderText.Missing];
            }
            else if (await db.OAuthProviders.AnyAsync(p => p.Id != providerId && (p.Name == wanted.Name || (stored == null && wanted.IsGoogle && p.IsGoogle)), token))
            {
                errors["name"] = [ProviderText.NameTaken];
            }

            var secret = SecretOf(wanted, stored);
            if (secret is null)
            {
                errors.TryAdd("secret", [ProviderText.SecretAgain]);
            }

            if (stored is not null && !errors.ContainsKey("fingerprint") && WhatLeadsElsewhere(wanted, stored) is { } field)
            {
                if (await db.ConnectedAccounts.AnyAsync(a => a.ProviderId == stored.Id && a.MailboxId != null, token))
                {
                    errors.TryAdd(field, [field == TrustField ? ProviderText.CertificateTied : ProviderText.Elsewhere]);
                }
                else if (errors.Count == 0)
                {
                    forgotten.AddRange(await TokenRevocation.ForgetUnsavedAsync(db, a => a.ProviderId == stored.Id, token));
                }
            }
            else if (stored is not null && wanted.TrustedCertificate != stored.TrustedCertificate && errors.Count == 0)
            {
                await NewCertificate.TrustAsync(db, stored.Id, wanted.TrustedCertificate, actor, origin, _clock, token);
            }

            if (errors.Count > 0)
            {
                return new ProviderResult(null, errors);
            }

            var before = SnapshotOf(stored);
            var provider = stored ?? Add(db, wanted);
            Apply(wanted, secret!, provider);
            await db.SaveChangesAsync(token); // gives it its id
            await RecordAsync(db, provider, before, actor, origin, token);
            return new ProviderResult(provider.Id, s_noErrors);
        },
        cancellationToken);

    /// <returns>Why not, in words; null when it is gone.</returns>
    public Task<string?> RemoveAsync(long providerId, Actor actor, string origin, CancellationToken cancellationToken) => RevokingAsync<string?>(
        async (db, forgotten, token) =>
        {
            if (await db.ConnectedAccounts.AnyAsync(a => a.ProviderId == providerId && a.MailboxId != null, token))
            {
                return ProviderText.InUse;
            }

            if (await db.OAuthProviders.SingleOrDefaultAsync(p => p.Id == providerId, token) is { } provider)
            {
                forgotten.AddRange(await TokenRevocation.ForgetUnsavedAsync(db, a => a.ProviderId == providerId, token));
                await db.OAuthProviders.Where(p => p.Id == providerId).ExecuteDeleteAsync(token);
                db.Activity.Add(ActivityEntry.Of(ActivityKind.OAuthProviderChanged, actor, origin, _clock, changes: ("name", provider.Name, null)));
                await db.SaveChangesAsync(token);
            }

            return null;
        },
        cancellationToken);

    /// <summary>Asks the provider for what it publishes.</summary>
    /// <returns>Null when that can be used; else what is wrong.</returns>
    public async Task<Cause?> CheckAsync(long providerId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.OAuthProviders.AsNoTracking().SingleOrDefaultAsync(p => p.Id == providerId, cancellationToken) is not { } provider)
        {
            return Causes.Of(ProviderCauses.CodeOf(Causes.NotSetUp, providerId));
        }

        try
        {
            await _client.RefreshedAsync(provider, cancellationToken);
            return null;
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return Causes.Of(SignInFailure.Of(exception).At(providerId).Code);
        }
    }

    /// <summary>Changes in the lane, and tells the provider, as it was before, what was forgotten of it.</summary>
    private async Task<T> RevokingAsync<T>(
        Func<EnneoDbContext, List<(ConnectedAccount Account, OAuthProvider Provider)>, CancellationToken, Task<T>> change, CancellationToken cancellationToken)
    {
        List<(ConnectedAccount Account, OAuthProvider Provider)> forgotten = [];
        var result = await _lane.RunAsync(
            (db, token) =>
            {
                forgotten.Clear(); // tried again where it could not be written
                return change(db, forgotten, token);
            },
            cancellationToken);
        foreach (var (account, provider) in forgotten)
        {
            await _revocation.RunAsync(account, provider);
        }

        return result;
    }

    private static OAuthProvider Add(EnneoDbContext db, ProviderInput wanted)
    {
        OAuthProvider provider = new()
        {
            Name = wanted.Name,
            IsGoogle = wanted.IsGoogle,
            ClientId = wanted.ClientId,
            ImapHost = wanted.ImapHost,
            ImapPort = wanted.ImapPort,
            SmtpHost = wanted.SmtpHost,
            SmtpPort = wanted.SmtpPort,
        };
        db.OAuthProviders.Add(provider);
        return provider;
    }

    private static void Apply(ProviderInput wanted, string protectedSecret, OAuthProvider provider)
    {
        (provider.Name, provider.ClientId, provider.ProtectedSecret) = (wanted.Name, wanted.ClientId, protectedSecret);
        (provider.Authority, provider.AuthorizeAddress, provider.TokenAddress) = (wanted.Authority, wanted.AuthorizeAddress, wanted.TokenAddress);
        (provider.Scopes, provider.Extra, provider.Mechanism) = (wanted.Scopes, wanted.Extra, wanted.Mechanism);
        (provider.ImapHost, provider.ImapPort, provider.ImapSecurity) = (wanted.ImapHost, wanted.ImapPort, wanted.ImapSecurity);
        (provider.SmtpHost, provider.SmtpPort, provider.SmtpSecurity) = (wanted.SmtpHost, wanted.SmtpPort, wanted.SmtpSecurity);
        provider.TrustedCertificate = wanted.TrustedCertificate;
    }

    /// <summary>A stored secret is only ever used for the app and the addresses that it was entered for.</summary>
    private string? SecretOf(ProviderInput wanted, OAuthProvider? stored) => wanted.Secret switch
    {
        { Length: > 0 } secret => _secrets.ProtectSecret(secret),
        { } => "",
        null when stored is null => "",
        null when stored.ProtectedSecret.Length == 0
            || (stored.ClientId == wanted.ClientId && stored.Authority == wanted.Authority && stored.TokenAddress == wanted.TokenAddress) => stored.ProtectedSecret,
        _ => null,
    };

    /// <summary>Tokens go to nobody but those whom they were given for: neither to other mail servers nor to another provider.</summary>
    /// <returns>The field; null when they stay where they are.</returns>
    private static string? WhatLeadsElsewhere(ProviderInput wanted, OAuthProvider stored) =>
        wanted.Authority != stored.Authority || wanted.TokenAddress != stored.TokenAddress ? "authority"
        : wanted.ClientId != stored.ClientId ? "clientId"
        : (wanted.ImapHost, wanted.ImapPort) != (stored.ImapHost, stored.ImapPort) ? "imap"
        : (wanted.SmtpHost, wanted.SmtpPort) != (stored.SmtpHost, stored.SmtpPort) ? "smtp"
        : wanted.TrustedCertificate != stored.TrustedCertificate && !HasCompared(wanted) ? TrustField
        : null;

    private static bool HasCompared(ProviderInput wanted) => wanted.ComparedCertificate is { } compared && CertificateFingerprint.AreSame(compared, wanted.TrustedCertificate);

    private async Task RecordAsync(
        EnneoDbContext db, OAuthProvider provider, IReadOnlyDictionary<string, string?> before, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var changes = SnapshotOf(provider).Where(field => before.GetValueOrDefault(field.Key) != field.Value)
            .Select(field => field.Key == "secret" ? (field.Key, null, (object?)"new") : (field.Key, (object?)before.GetValueOrDefault(field.Key), (object?)field.Value)).ToArray();
        if (changes.Length == 0)
        {
            return;
        }

        // What was refused because of the settings may be accepted now.
        await db.ConnectedAccounts.Where(a => a.ProviderId == provider.Id).ExecuteUpdateAsync(set => set.SetProperty(a => a.ProblemAt, (DateTimeOffset?)null), cancellationToken);
        db.Activity.Add(ActivityEntry.Of(ActivityKind.OAuthProviderChanged, actor, origin, _clock, changes: [("name", before.GetValueOrDefault("name"), provider.Name), .. changes.Where(change => change.Item1 != "name")]));
        await db.SaveChangesAsync(cancellationToken);
    }

    private static Dictionary<string, string?> SnapshotOf(OAuthProvider? provider) => provider is null ? [] : new()
    {
        ["name"] = provider.Name,
        ["authority"] = provider.Authority,
        ["authorizeAddress"] = provider.AuthorizeAddress,
        ["tokenAddress"] = provider.TokenAddress,
        ["clientId"] = provider.ClientId,
        ["secret"] = provider.ProtectedSecret,
        ["scopes"] = provider.Scopes,
        ["extra"] = provider.Extra,
        ["mechanism"] = provider.Mechanism.ToString(),
        ["imap"] = FormattableString.Invariant($"{provider.ImapHost}:{provider.ImapPort} {provider.ImapSecurity}"),
        ["smtp"] = FormattableString.Invariant($"{provider.SmtpHost}:{provider.SmtpPort} {provider.SmtpSecurity}"),
        ["trustedCertificate"] = provider.TrustedCertificate,
    };
}
