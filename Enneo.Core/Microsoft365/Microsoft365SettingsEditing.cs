using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>All that an admin says about the registration.</summary>
public sealed record Microsoft365Input
{
    public string Tenant { get; init; } = "";
    public string ClientId { get; init; } = "";

    /// <summary>Null keeps the one that is stored, for the same app and cloud.</summary>
    public string? Secret { get; init; }

    /// <summary>A PKCS #12 file with its key, and no secret; null keeps what is stored.</summary>
    public byte[]? Certificate { get; init; }

    public string? CertificatePassword { get; init; }

    /// <summary>When the secret ends; a certificate says so itself.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A person said that a new secret ends on the very day on which the one before does, soon as that is: it is typed anew, or lasts no longer.</summary>
    public bool EndsAlike { get; init; }

    /// <summary>
    /// The fingerprint that a person compared, and said to be that of the servers' own certificate, although mailboxes are connected: their tokens
    /// are shown to whoever has its key. Empty for no fingerprint any more; null where nobody said so. It counts for this one certificate.
    /// </summary>
    public string? ComparedCertificate { get; init; }

    public Cloud Cloud { get; init; }
    public CloudAddresses? Own { get; init; }
    public PeopleLogins People { get; init; } = new();

    /// <summary>A person has read that another app ends the sign-ins of mailboxes.</summary>
    public bool EndsSignIns { get; init; }

    /// <summary>A person has read that mailboxes of another directory than this have to be connected again.</summary>
    public bool LeavesTenant { get; init; }

    /// <summary>As <see cref="Microsoft365Settings.KeepsRoad"/>.</summary>
    public bool KeepsRoad { get; init; }
}

/// <summary>The registration as it is shown: secrets never are.</summary>
public sealed record Microsoft365View(Microsoft365Input Settings, bool HasSecret, bool HasCertificate, bool IsUsable);

/// <summary>Reads and changes the registration at Microsoft. For admins.</summary>
public sealed class Microsoft365SettingsEditing
{
    private static readonly IReadOnlyDictionary<string, string[]> s_noErrors = new Dictionary<string, string[]>();

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly Registration _registration;
    private readonly TenantNames _names;
    private readonly TimeProvider _clock;

    internal Microsoft365SettingsEditing(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Registration registration, TenantNames names, TimeProvider clock) =>
        (_dbFactory, _lane, _registration, _names, _clock) = (dbFactory, lane, registration, names, clock);

    public async Task<Microsoft365View> FindAsync(CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(cancellationToken);
        return new Microsoft365View(
            new Microsoft365Input { Tenant = stored.Tenant, ClientId = stored.ClientId, ExpiresAt = stored.ExpiresAt, Cloud = stored.Cloud, Own = stored.Own, People = stored.People, KeepsRoad = stored.KeepsRoad },
            stored.ProtectedSecret.Length > 0,
            stored.ProtectedCertificate.Length > 0,
            stored.IsUsable);
    }

    /// <returns>What is wrong, by field; empty when it was saved.</returns>
    public async Task<IReadOnlyDictionary<string, string[]>> SaveAsync(Microsoft365Input input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var before = await StoredAsync(cancellationToken);
        var tenantId = TenantChange.IsByName(before, input) ? await _names.IdOfAsync(before.Addresses, input.Tenant.Trim(), cancellationToken) : null;
        return await SaveAsync(input, tenantId, actor, origin, cancellationToken);
    }

    private Task<IReadOnlyDictionary<string, string[]>> SaveAsync(Microsoft365Input input, string? tenantId, Actor actor, string origin, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            var stored = await Microsoft365Settings.ReadAsync(db, token);
            if ((await AppChange.WarningAsync(db, stored, input, token) ?? await TenantChange.WarningAsync(db, stored, input, tenantId, token)) is { } warning)
            {
                return warning;
            }

            var (settings, errors) = Settle(input, stored);
            if (settings is null || settings == stored)
            {
                return errors;
            }

            if (!MicrosoftTies.Hold(stored.Addresses, settings.Addresses, input.ComparedCertificate))
            {
                if (await MicrosoftTies.RefusalAsync(db, stored.Addresses, settings.Addresses, token) is var (field, refusal))
                {
                    return new Dictionary<string, string[]> { [field] = [refusal] };
                }

                await MicrosoftTies.CutAsync(db, token);
            }
            else if (settings.Addresses != stored.Addresses)
            {
                await NewCertificate.TrustAsync(db, providerId: null, settings.Addresses.TrustedCertificate, actor, origin, _clock, token);
            }

            await settings.WriteAsync(db, token);

            // What was refused because of the registration may be accepted now.
            await db.ConnectedAccounts.ExecuteUpdateAsync(set => set.SetProperty(a => a.ProblemAt, (DateTimeOffset?)null).SetProperty(a => a.GraphProblemAt, (DateTimeOffset?)null), token);
            if (AppChange.Is(stored, settings.ClientId))
            {
                await AppChange.TellAsync(db, _clock.GetUtcNow(), token);
            }

            db.Activity.Add(ActivityEntry.Of(ActivityKind.Microsoft365SettingsChanged, actor, origin, _clock, changes: [.. Differences(stored, settings)]));
            await db.SaveChangesAsync(token);
            return errors;
        },
        cancellationToken);

    private async Task<Microsoft365Settings> StoredAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await Microsoft365Settings.ReadAsync(db, cancellationToken);
    }

    /// <summary>A stored secret is only ever used for the app and the authority that it was entered for.</summary>
    private (Microsoft365Settings? Settings, IReadOnlyDictionary<string, string[]> Errors) Settle(Microsoft365Input input, Microsoft365Settings stored)
    {
        var errors = Microsoft365Rules.Check(input);
        Microsoft365Settings settings = new()
        {
            Tenant = input.Tenant.Trim(),
            ClientId = input.ClientId.Trim(),
            ExpiresAt = input.ExpiresAt,
            ConsentedAt = IsSameApp(input, stored) ? stored.ConsentedAt : null,
            KeepsRoad = input.KeepsRoad,
            Cloud = input.Cloud,
            Own = input.Cloud is Cloud.Own ? Microsoft365Rules.Normalized(input.Own) : null,
            People = input.People with { AdminRole = input.People.AdminRole.Trim() },
        };
        var isSame = settings.ClientId == stored.ClientId && MicrosoftTies.Hold(stored.Addresses, settings.Addresses, input.ComparedCertificate);
        if (input.Certificate is { } file)
        {
            settings = WithCertificate(settings, file, input.CertificatePassword, errors);
        }
        else if (input.Secret is { Length: > 0 } secret)
        {
            settings = settings with { ProtectedSecret = _registration.ProtectSecret(secret.Trim()) };
            if (!input.EndsAlike && stored.ExpiresAt is { } before && before == input.ExpiresAt && before < _clock.GetUtcNow() + SecretEnd.Ahead)
            {
                errors["expiresAt"] = [Microsoft365Text.DateOfOldSecret];
            }
        }
        else if (isSame && (stored.ProtectedSecret.Length > 0 || stored.ProtectedCertificate.Length > 0))
        {
            settings = settings with
            {
                ProtectedSecret = stored.ProtectedSecret,
                ProtectedCertificate = stored.ProtectedCertificate,
                ExpiresAt = stored.ProtectedCertificate.Length > 0 ? stored.ExpiresAt : input.ExpiresAt, // a certificate says so itself
            };
        }
        else if (stored.IsUsable && settings.ClientId == stored.ClientId && MicrosoftTies.DifferByCertificate(stored.Addresses, settings.Addresses))
        {
            errors.TryAdd(MicrosoftTies.CertificateField, [Microsoft365Text.CertificateTied]);
        }
        else
        {
            errors.TryAdd("secret", [stored.IsUsable ? Microsoft365Text.SecretAgain : Microsoft365Text.SecretMissing]);
        }

        return errors.Count == 0 ? (settings, s_noErrors) : (null, errors);
    }

    private static bool IsSameApp(Microsoft365Input input, Microsoft365Settings stored) => input.ClientId.Trim() == stored.ClientId && input.Tenant.Trim() == stored.Tenant && input.Cloud == stored.Cloud;

    private Microsoft365Settings WithCertificate(Microsoft365Settings settings, byte[] file, string? password, Dictionary<string, string[]> errors)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12(file, password, X509KeyStorageFlags.Exportable);
            if (certificate.HasPrivateKey)
            {
                return settings with
                {
                    ProtectedCertificate = _registration.ProtectSecret(Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12))),
                    ExpiresAt = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero),
                };
            }
        }
        catch (CryptographicException)
        {
            // Said below: no certificate, or another password.
        }

        errors.TryAdd("certificate", [Microsoft365Text.CertificateUnreadable]);
        return settings;
    }

    private static IEnumerable<(string Field, object? Old, object? New)> Differences(Microsoft365Settings before, Microsoft365Settings after) => new (string Field, object? Old, object? New)[]
    {
        ("tenant", before.Tenant, after.Tenant),
        ("clientId", before.ClientId, after.ClientId),
        ("cloud", before.Cloud.ToString(), after.Cloud.ToString()),
        ("authority", before.Addresses.Authority, after.Addresses.Authority),
        ("imap", before.Addresses.Imap, after.Addresses.Imap),
        ("smtp", before.Addresses.Smtp, after.Addresses.Smtp),
        ("trustedCertificate", before.Addresses.TrustedCertificate, after.Addresses.TrustedCertificate),
        ("expiresAt", before.ExpiresAt, after.ExpiresAt),
        ("keepsRoad", before.KeepsRoad, after.KeepsRoad),
        ("peopleSignIn", before.People.IsOn, after.People.IsOn),
        ("tenantLetIn", before.People.LetsTenantIn, after.People.LetsTenantIn),
        ("adminRole", before.People.AdminRole, after.People.AdminRole),
        ("secret", null, before.ProtectedSecret == after.ProtectedSecret ? null : "new"),
        ("certificate", null, before.ProtectedCertificate == after.ProtectedCertificate ? null : "new"),
    }.Where(change => !Equals(change.Old, change.New));
}
