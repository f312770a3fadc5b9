using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>Whether an address and a password belong together. Takes the same time for an address nobody has.</summary>
public sealed class PasswordCheck(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, IPasswordHasher<User> hasher, ILookupNormalizer normalizer)
{
    private readonly Lazy<string> _hashOfNobody = new(() => hasher.HashPassword(new User(), Guid.NewGuid().ToString()));

    /// <returns>The person's id, or null when either is wrong.</returns>
    public async Task<long?> FindAsync(string email, string password, CancellationToken cancellationToken)
    {
        if (password.Length > PasswordRules.MaxLength)
        {
            return null;
        }

        var normalized = normalizer.NormalizeEmail(email.Trim());
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var user = await db.Users.AsNoTracking()
            .Where(u => u.NormalizedEmail == normalized && u.DisabledAt == null)
            .Select(u => new { u.Id, u.PasswordHash })
            .SingleOrDefaultAsync(cancellationToken);

        var verdict = hasher.VerifyHashedPassword(new User(), user?.PasswordHash ?? _hashOfNobody.Value, password);
        if (user?.PasswordHash is null || verdict == PasswordVerificationResult.Failed)
        {
            return null;
        }

        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            await RehashAsync(user.Id, user.PasswordHash, hasher.HashPassword(new User(), password), cancellationToken);
        }

        return user.Id;
    }

    private Task RehashAsync(long userId, string old, string @new, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => db.Users
            .Where(u => u.Id == userId && u.PasswordHash == old)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, @new), token), cancellationToken);
}
