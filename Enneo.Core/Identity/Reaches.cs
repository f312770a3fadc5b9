using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>What a person may see, read anew each time (two look-ups by key), so that it holds from the moment an admin says so.</summary>
public sealed class Reaches(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <summary>Made once, since it is asked at every change by a program; only for contexts of the factory (a compiled query knows one model).</summary>
    private readonly Func<EnneoDbContext, long, long, CancellationToken, Task<ApiKey?>> _key = EF.CompileAsyncQuery(
        (EnneoDbContext db, long personId, long keyId, CancellationToken cancellationToken) => db.ApiKeys.AsNoTracking()
            .Where(k => k.Id == keyId && k.UserId == personId && k.RevokedAt == null && db.Users.Any(u => u.Id == personId && u.DisabledAt == null))
            .SingleOrDefault());

    /// <returns>Nothing for somebody who is not there, or was disabled.</returns>
    public async Task<Reach> FindAsync(long personId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await OfAsync(db, personId, cancellationToken);
    }

    /// <summary>That of whoever acts, within the limits of the key by which they do.</summary>
    public async Task<Reach> FindAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return actor is { Kind: ActorKind.User, UserId: { } personId, ApiKeyId: { } keyId }
            ? await OfKeyAsync(db, personId, await _key(db, personId, keyId, cancellationToken), cancellationToken)
            : await OfAsync(db, actor, cancellationToken);
    }

    /// <summary>Jobs, mail servers and the person at the machine reach everything.</summary>
    internal static Task<Reach> OfAsync(EnneoDbContext db, Actor actor, CancellationToken cancellationToken) => actor switch
    {
        { Kind: not ActorKind.User } => Task.FromResult(Reach.All),
        { UserId: { } personId, ApiKeyId: { } keyId } => OfKeyAsync(db, personId, keyId, cancellationToken),
        { UserId: { } personId } => OfAsync(db, personId, cancellationToken),
        _ => Task.FromResult(Reach.None),
    };

    internal static async Task<Reach> OfAsync(EnneoDbContext db, long personId, CancellationToken cancellationToken)
    {
        var person = await db.Users
            .Where(u => u.Id == personId && u.DisabledAt == null)
            .Select(u => new
            {
                IsAdmin = db.UserRoles.Any(held => held.UserId == u.Id && db.Roles.Any(role => role.Id == held.RoleId && role.Name == Roles.Admin)),
                u.IsService,
                MailboxIds = db.MailboxGrants.Where(grant => grant.UserId == u.Id).Select(grant => grant.MailboxId).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return person switch
        {
            null => Reach.None,
            { IsAdmin: true } => Reach.All,
            { IsService: true } => await OfServiceAsync(db, personId, cancellationToken),
            _ => Reach.Of(person.MailboxIds),
        };
    }

    private static async Task<Reach> OfKeyAsync(EnneoDbContext db, long personId, long keyId, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.AsNoTracking()
            .Where(k => k.Id == keyId && k.UserId == personId && k.RevokedAt == null && db.Users.Any(u => u.Id == personId && u.DisabledAt == null))
            .SingleOrDefaultAsync(cancellationToken);
        return await OfKeyAsync(db, personId, key, cancellationToken);
    }

    /// <param name="key">Null where it is good no more.</param>
    private static async Task<Reach> OfKeyAsync(EnneoDbContext db, long personId, ApiKey? key, CancellationToken cancellationToken)
    {
        if (key is not { IsService: false })
        {
            return key is null ? Reach.None : OfService(key);
        }

        var owners = await OfAsync(db, personId, cancellationToken);
        return key.MailboxIds is { } ids ? owners.Within(ids) : owners;
    }

    /// <summary>A service sees what its key says.</summary>
    private static async Task<Reach> OfServiceAsync(EnneoDbContext db, long serviceId, CancellationToken cancellationToken)
    {
        var key = await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.UserId == serviceId && k.IsService && k.RevokedAt == null, cancellationToken);
        return key is null ? Reach.None : OfService(key);
    }

    private static Reach OfService(ApiKey key) => key.MailboxIds is { } ids ? Reach.Of(ids) : Reach.All;
}
