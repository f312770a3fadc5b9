using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Factors;

/// <summary>Keeps passkeys. What a browser says about one is verified by ASP.NET Core Identity before it comes here.</summary>
public sealed class Passkeys(WriterLane lane, TimeProvider clock)
{
    public const int MaxNameLength = 100;

    private const string Factor = "passkey";

    /// <param name="passkey">As Identity verified it.</param>
    /// <returns>Recovery codes to be shown this once, if it is the person's first factor.</returns>
    public Task<IReadOnlyList<string>> AddAsync(
        long userId, UserPasskeyInfo passkey, string name, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            var isFirst = !await SecondStep.HasAnyAsync(db, userId, token);
            db.UserPasskeys.Add(new UserPasskey { UserId = userId, CredentialId = passkey.CredentialId, Data = DataOf(passkey, name) });
            db.Activity.Add(Entry(ActivityKind.FactorAdded, userId, null, name, actor, origin));
            var codes = isFirst ? await RecoveryCodes.MakeAsync(db, userId, token) : [];
            await db.SaveChangesAsync(token);
            return codes;
        }, cancellationToken);

    /// <summary>Notes what a verified sign-in says about the key: its counter, above all.</summary>
    /// <returns>False when it was removed meanwhile.</returns>
    public Task<bool> UseAsync(long userId, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            if (await FindAsync(db, userId, passkey.CredentialId, token) is not { } known)
            {
                return false;
            }

            known.Data.SignCount = passkey.SignCount;
            known.Data.IsBackedUp = passkey.IsBackedUp;
            known.Data.IsUserVerified = passkey.IsUserVerified;
            known.LastUsedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(token);
            return true;
        }, cancellationToken);

    public Task RenameAsync(long userId, byte[] credentialId, string name, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            if (await FindAsync(db, userId, credentialId, token) is { } known && known.Data.Name != name)
            {
                db.Activity.Add(Entry(ActivityKind.FactorRenamed, userId, known.Data.Name, name, actor, origin));
                known.Data.Name = name;
                await db.SaveChangesAsync(token);
            }
        }, cancellationToken);

    /// <returns>False when it is the person's last factor and they must have one.</returns>
    public Task<bool> RemoveAsync(long userId, byte[] credentialId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            if (await FindAsync(db, userId, credentialId, token) is not { } known)
            {
                return true;
            }

            var isLast = !await db.UserPasskeys.AnyAsync(p => p.UserId == userId && p.CredentialId != credentialId, token)
                && !await db.AuthenticatorApps.AnyAsync(a => a.UserId == userId && a.ProtectedSecret != null, token);
            if (isLast && await SecondStep.IsRequiredAsync(db, userId, token))
            {
                return false;
            }

            db.UserPasskeys.Remove(known);
            db.Activity.Add(Entry(ActivityKind.FactorRemoved, userId, null, known.Data.Name, actor, origin));
            await RecoveryCodes.RemoveIfAsync(db, userId, isLast, token);
            await db.SaveChangesAsync(token);
            return true;
        }, cancellationToken);

    private static Task<UserPasskey?> FindAsync(EnneoDbContext db, long userId, byte[] credentialId, CancellationToken cancellationToken) =>
        db.UserPasskeys.SingleOrDefaultAsync(p => p.UserId == userId && p.CredentialId == credentialId, cancellationToken);

    private static IdentityPasskeyData DataOf(UserPasskeyInfo passkey, string name) => new()
    {
        PublicKey = passkey.PublicKey,
        Name = name,
        CreatedAt = passkey.CreatedAt,
        SignCount = passkey.SignCount,
        Transports = passkey.Transports,
        IsUserVerified = passkey.IsUserVerified,
        IsBackupEligible = passkey.IsBackupEligible,
        IsBackedUp = passkey.IsBackedUp,
        AttestationObject = passkey.AttestationObject,
        ClientDataJson = passkey.ClientDataJson,
    };

    private ActivityEntry Entry(ActivityKind kind, long userId, string? oldName, string? name, Actor actor, string origin) =>
        ActivityEntry.Of(kind, actor, origin, clock, changes: [("user", null, userId), ("factor", null, Factor), ("name", oldName, name)]);
}
