using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>A key as lists show it.</summary>
/// <param name="Owner">Whose it is; for a service its name.</param>
/// <param name="MailboxIds">Null where it is not limited to some.</param>
public sealed record ApiKeyListing(
    long Id, string Name, string Owner, bool IsService, string Start, ApiScopes Scopes, IReadOnlyList<long>? MailboxIds, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>The keys that still let somebody in, the newest first.</summary>
public sealed class ApiKeyQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <summary>Those of one person.</summary>
    public async Task<IReadOnlyList<ApiKeyListing>> OfPersonAsync(long userId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await ListAsync(db, db.ApiKeys.Where(k => k.UserId == userId && !k.IsService), cancellationToken);
    }

    /// <returns>Those of everybody; none for anybody but admins.</returns>
    public async Task<IReadOnlyList<ApiKeyListing>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await Reaches.OfAsync(db, actor, cancellationToken)).IsAll ? await ListAsync(db, db.ApiKeys, cancellationToken) : [];
    }

    private static async Task<IReadOnlyList<ApiKeyListing>> ListAsync(EnneoDbContext db, IQueryable<ApiKey> keys, CancellationToken cancellationToken)
    {
        var rows = await keys.AsNoTracking()
            .Where(k => k.RevokedAt == null)
            .OrderByDescending(k => k.Id)
            .Select(k => new { Key = k, Owner = db.Users.Where(u => u.Id == k.UserId).Select(u => u.DisplayName).Single() })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ApiKeyListing(
            row.Key.Id, row.Key.Name, row.Owner, row.Key.IsService, row.Key.Start, row.Key.Scopes, row.Key.MailboxIds, row.Key.CreatedAt, row.Key.LastUsedAt))];
    }
}
