using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Factors;

/// <summary>A passkey, as its owner sees it.</summary>
public sealed record PasskeyDetail(byte[] CredentialId, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>What a person has besides the password.</summary>
/// <param name="AppAddedAt">Null without an authenticator app.</param>
/// <param name="IsRequired">Whether they must have something.</param>
public sealed record FactorOverview(
    DateTimeOffset? AppAddedAt, DateTimeOffset? AppLastUsedAt, IReadOnlyList<PasskeyDetail> Passkeys, int RecoveryCodesLeft, bool IsRequired)
{
    public bool HasApp => AppAddedAt is not null;
    public bool HasAny => HasApp || Passkeys.Count > 0;

    /// <summary>Whether one may go.</summary>
    public bool MayRemove => !IsRequired || Passkeys.Count + (HasApp ? 1 : 0) > 1;
}

/// <summary>A person's second step and sessions, as an admin sees them.</summary>
/// <param name="MicrosoftAs">As whom they sign in by Microsoft; null where they do not.</param>
public sealed record PersonFactors(long UserId, bool HasApp, int Passkeys, int Sessions, string? MicrosoftAs = null, bool HasPassword = true)
{
    /// <summary>Without it they could not sign in at all.</summary>
    public bool HasMicrosoftOnly => MicrosoftAs is not null && !HasPassword && Passkeys == 0;

    public bool HasAny => HasApp || Passkeys > 0;
}

/// <summary>Reads of what proves people.</summary>
public sealed class FactorQueries(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    public async Task<FactorOverview> OfAsync(long userId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var app = await db.AuthenticatorApps.AsNoTracking().SingleOrDefaultAsync(a => a.UserId == userId && a.ProtectedSecret != null, cancellationToken);
        var passkeys = await db.UserPasskeys.AsNoTracking().Where(p => p.UserId == userId).ToListAsync(cancellationToken);
        return new FactorOverview(
            app?.AddedAt,
            app?.LastUsedAt,
            [.. passkeys.Select(p => new PasskeyDetail(p.CredentialId, p.Data.Name ?? "", p.Data.CreatedAt, p.LastUsedAt)).OrderBy(p => p.CreatedAt)],
            await db.RecoveryCodes.CountAsync(c => c.UserId == userId, cancellationToken),
            await SecondStep.IsRequiredAsync(db, userId, cancellationToken));
    }

    public async Task<IReadOnlyDictionary<long, PersonFactors>> OfAllAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users
            .Where(u => !u.IsService)
            .Select(u => new PersonFactors(
                u.Id,
                db.AuthenticatorApps.Any(a => a.UserId == u.Id && a.ProtectedSecret != null),
                db.UserPasskeys.Count(p => p.UserId == u.Id),
                db.Sessions.Count(s => s.UserId == u.Id && s.LastSeenAt >= now - Identity.Sessions.IdleTime && s.StartedAt >= now - Identity.Sessions.LongestTime),
                db.UserLogins.Where(l => l.UserId == u.Id && l.LoginProvider.StartsWith(PeopleLinks.Factor)).Select(l => l.ProviderDisplayName).FirstOrDefault(),
                u.PasswordHash != null))
            .ToDictionaryAsync(p => p.UserId, cancellationToken);
    }
}
