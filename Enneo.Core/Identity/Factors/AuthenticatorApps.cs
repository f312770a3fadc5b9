using System.Security.Cryptography;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using OtpNet;

namespace Enneo.Core.Identity.Factors;

/// <summary>What is typed or scanned into the app.</summary>
/// <param name="Secret">In Base32.</param>
/// <param name="Link">An <c>otpauth:</c> address with the secret in it, for the picture that is scanned.</param>
public sealed record AppSecret(string Secret, string Link);

/// <summary>
/// One-time codes from an app on the phone. Not by Identity's own provider: that keeps the secret as plain text and
/// does not tell which half minute a code belongs to, so that it would take the same code twice.
/// </summary>
public sealed class AuthenticatorApps(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, IDataProtectionProvider protection, TimeProvider clock)
{
    private const string Issuer = "Enneo";
    private const string Factor = "app";
    private const int SecretBytes = 20; // RFC 4226, section 4

    /// <summary>A clock may be half a minute wrong.</summary>
    private static readonly VerificationWindow s_window = new(previous: 1, future: 1);

    private readonly IDataProtector _secrets = protection.CreateProtector("Enneo.Identity.AuthenticatorApp");

    /// <summary>Makes a secret to be confirmed by its first code; the same again until then.</summary>
    public async Task<AppSecret> BeginAsync(long userId, string email, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var pending = await db.AuthenticatorApps.Where(a => a.UserId == userId).Select(a => a.PendingSecret).SingleOrDefaultAsync(cancellationToken);
        if (Read(pending) is not { } secret)
        {
            secret = RandomNumberGenerator.GetBytes(SecretBytes);
            await lane.RunAsync((writing, token) => KeepPendingAsync(writing, userId, secret, token), cancellationToken);
        }

        var text = Base32Encoding.ToString(secret);
        return new AppSecret(text, new OtpUri(OtpType.Totp, text, email, Issuer).ToString());
    }

    /// <summary>The first code from the app: from then on it is asked for. It takes the place of an earlier app.</summary>
    /// <returns>Recovery codes to be shown this once, if it is the person's first factor; null when the code is wrong.</returns>
    public Task<IReadOnlyList<string>?> ConfirmAsync(long userId, string code, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync<IReadOnlyList<string>?>(async (db, token) =>
        {
            var app = await db.AuthenticatorApps.SingleOrDefaultAsync(a => a.UserId == userId, token);
            if (app?.PendingSecret is null || Match(app.PendingSecret, code) is not { } step)
            {
                return null;
            }

            var isFirst = !await SecondStep.HasAnyAsync(db, userId, token);
            (app.ProtectedSecret, app.PendingSecret, app.LastStep) = (app.PendingSecret, null, step);
            (app.AddedAt, app.LastUsedAt) = (clock.GetUtcNow(), null);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorAdded, actor, origin, clock, changes: [("user", null, userId), ("factor", null, Factor)]));
            var codes = isFirst ? await RecoveryCodes.MakeAsync(db, userId, token) : [];
            await db.SaveChangesAsync(token);
            return codes;
        }, cancellationToken);

    /// <summary>Takes a code once: neither it nor an earlier one passes again.</summary>
    public Task<bool> UseAsync(long userId, string code, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            var app = await db.AuthenticatorApps.SingleOrDefaultAsync(a => a.UserId == userId, token);
            if (app?.ProtectedSecret is null || Match(app.ProtectedSecret, code) is not { } step || step <= app.LastStep)
            {
                return false;
            }

            (app.LastStep, app.LastUsedAt) = (step, clock.GetUtcNow());
            await db.SaveChangesAsync(token);
            return true;
        }, cancellationToken);

    /// <returns>False when it is the person's last factor and they must have one.</returns>
    public Task<bool> RemoveAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            if (await db.AuthenticatorApps.SingleOrDefaultAsync(a => a.UserId == userId && a.ProtectedSecret != null, token) is not { } app)
            {
                return true;
            }

            var isLast = !await db.UserPasskeys.AnyAsync(p => p.UserId == userId, token);
            if (isLast && await SecondStep.IsRequiredAsync(db, userId, token))
            {
                return false;
            }

            db.AuthenticatorApps.Remove(app);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorRemoved, actor, origin, clock, changes: [("user", null, userId), ("factor", null, Factor)]));
            await RecoveryCodes.RemoveIfAsync(db, userId, isLast, token);
            await db.SaveChangesAsync(token);
            return true;
        }, cancellationToken);

    private async Task KeepPendingAsync(EnneoDbContext db, long userId, byte[] secret, CancellationToken cancellationToken)
    {
        var pending = _secrets.Protect(Base32Encoding.ToString(secret));
        if (await db.AuthenticatorApps.SingleOrDefaultAsync(a => a.UserId == userId, cancellationToken) is { } app)
        {
            app.PendingSecret = pending;
        }
        else
        {
            db.AuthenticatorApps.Add(new AuthenticatorApp { UserId = userId, PendingSecret = pending });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>The half minute that the code belongs to.</returns>
    private long? Match(string protectedSecret, string code) =>
        Read(protectedSecret) is { } secret
        && new Totp(secret).VerifyTotp(clock.GetUtcNow().UtcDateTime, string.Concat(code.Where(char.IsAsciiDigit)), out var step, s_window)
            ? step
            : null;

    /// <returns>Null where there is none, and after the keys that protected it were lost: then recovery codes and passkeys still let in.</returns>
    private byte[]? Read(string? protectedSecret)
    {
        try
        {
            return protectedSecret is null ? null : Base32Encoding.ToBytes(_secrets.Unprotect(protectedSecret));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
