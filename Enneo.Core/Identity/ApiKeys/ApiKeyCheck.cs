using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.ApiKeys;

/// <summary>Who calls by a key, and what they may do with it now.</summary>
/// <param name="IsLimited">It is good for some mailboxes only.</param>
/// <param name="Reach">What they may see at this moment.</param>
public sealed record ApiCaller(long KeyId, long UserId, string Name, ApiScopes Scopes, bool IsLimited, Reach Reach);

/// <summary>Whether a key lets somebody in; asked at every call, so that what is taken away is gone at once.</summary>
public sealed class ApiKeyCheck(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private static readonly TimeSpan s_seenPrecision = TimeSpan.FromMinutes(1);

    /// <summary>Made once: it is asked at every call.</summary>
    private readonly Func<EnneoDbContext, string, CancellationToken, Task<ApiKey?>> _find = EF.CompileAsyncQuery(
        (EnneoDbContext db, string hash, CancellationToken cancellationToken) => db.ApiKeys.AsNoTracking()
            .Where(k => k.SecretHash == hash && k.RevokedAt == null && db.Users.Any(u => u.Id == k.UserId && u.DisabledAt == null))
            .SingleOrDefault());

    /// <summary>Notes now and then that it was used.</summary>
    /// <returns>Null when there is no such key, it was revoked, or its owner is gone or disabled.</returns>
    public async Task<ApiCaller?> UseAsync(string secret, CancellationToken cancellationToken)
    {
        if (ApiKeySecret.HashOf(secret) is not { } hash)
        {
            return null;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var key = await _find(db, hash, cancellationToken);
        if (key is null)
        {
            return null;
        }

        await NoteAsync(key, cancellationToken);
        var owners = key.IsService ? Reach.All : await Reaches.OfAsync(db, key.UserId, cancellationToken);
        return new ApiCaller(
            key.Id, key.UserId, key.Name, owners.IsAll ? key.Scopes : key.Scopes & ~ApiScopes.Admin, key.MailboxIds is not null,
            key.MailboxIds is { } ids ? owners.Within(ids) : owners);
    }

    private async Task NoteAsync(ApiKey key, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (key.LastUsedAt is not { } seen || now - seen > s_seenPrecision)
        {
            await lane.RunAsync(
                (db, token) => db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(set => set.SetProperty(k => k.LastUsedAt, now), token), cancellationToken);
        }
    }
}
