using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>Somebody for whom Microsoft vouches. The tenant and the object id say who it is; an address can be given to somebody else.</summary>
/// <param name="Roles">App roles and ids of groups.</param>
/// <param name="IsGuest">Of another organisation, or a private account: the tenant knows them, and they do not belong to it.</param>
public sealed record MicrosoftPerson(string TenantId, string ObjectId, string Address, string Name, IReadOnlyList<string> Roles, bool IsGuest = false);

/// <summary>Who of us is whom at Microsoft: bound by tenant and object id, never by an address.</summary>
public sealed class PeopleLinks(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Accounts accounts, Sessions sessions, ILookupNormalizer normalizer, TimeProvider clock)
{
    internal const string Factor = "microsoft";

    /// <returns>As whom at Microsoft a person of ours signs in; null for nobody.</returns>
    public async Task<string?> OfAsync(long userId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.UserLogins.Where(l => l.UserId == userId && l.LoginProvider.StartsWith(Factor)).Select(l => l.ProviderDisplayName).FirstOrDefaultAsync(cancellationToken);
    }

    /// <returns>Whether that person of Microsoft's is this one of ours.</returns>
    public async Task<bool> IsAsync(long userId, MicrosoftPerson person, CancellationToken cancellationToken) => await LinkedAsync(person, cancellationToken) == userId;

    /// <summary>Somebody who is signed in here says who they are there.</summary>
    /// <returns>False when that person of Microsoft's is somebody else here; a former account that was disabled gives them up.</returns>
    public Task<bool> LinkAsync(long userId, MicrosoftPerson person, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => LinkAsync(db, userId, person, actor, origin, token), cancellationToken);

    /// <summary>Takes this way in away. Where another does it than the person, the person is signed out everywhere too.</summary>
    public Task UnlinkAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.UserLogins.Where(l => l.UserId == userId && l.LoginProvider.StartsWith(Factor)).ExecuteDeleteAsync(token) == 0)
            {
                return;
            }

            db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorRemoved, actor, origin, clock, changes: [("user", null, userId), ("factor", null, Factor)]));
            await db.SaveChangesAsync(token);
            if (actor.UserId != userId)
            {
                await sessions.EndAllAsync(db, userId, null, actor, origin, token);
            }
        },
        cancellationToken);

    /// <summary>Finds who is at the door, lets them in first where their tenant may, and gives them the role that Microsoft says.</summary>
    /// <param name="letsTenantIn">Who is not here yet is let in, as an agent who sees no mailbox.</param>
    /// <param name="adminRole">What makes admins; empty leaves roles as they are.</param>
    /// <returns>Null for somebody who is nobody here, and for whoever may not sign in.</returns>
    public async Task<long?> FindAsync(MicrosoftPerson person, bool letsTenantIn, string adminRole, string origin, CancellationToken cancellationToken)
    {
        var userId = await LinkedAsync(person, cancellationToken) ?? (letsTenantIn ? await LetInAsync(person, origin, cancellationToken) : null);
        if (userId is { } id && adminRole.Length > 0)
        {
            await SetRoleAsync(id, person.Roles.Contains(adminRole, StringComparer.OrdinalIgnoreCase) ? Roles.Admin : Roles.Agent, origin, cancellationToken);
        }

        return userId;
    }

    private async Task<long?> LinkedAsync(MicrosoftPerson person, CancellationToken cancellationToken)
    {
        var provider = ProviderOf(person);
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.UserLogins.Where(l => l.LoginProvider == provider && l.ProviderKey == person.ObjectId)
            .Join(db.Users.Where(u => u.DisabledAt == null && !u.IsService), l => l.UserId, u => u.Id, (l, u) => (long?)u.Id)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Somebody new, who has no password. Who has an account already says so by signing in to it, since an address alone proves
    /// nothing; who was disabled is not let in as somebody new.
    /// </summary>
    private async Task<long?> LetInAsync(MicrosoftPerson person, string origin, CancellationToken cancellationToken)
    {
        NewAccount account = new(person.Address.Trim(), person.Name.Trim(), Roles.Agent, Password: "", []);
        if (Accounts.Refusal(account.Email, account.DisplayName, account.Role) is not null)
        {
            return null;
        }

        var user = accounts.NewUserWithoutPassword(account);
        return await lane.RunAsync(
            async (db, token) =>
            {
                if (await IsLinkedAsync(db, person, token)
                    || (await accounts.AddAsync(db, user, account, Actor.System, origin, token)).UserId is not { } userId)
                {
                    return (long?)null;
                }

                await LinkAsync(db, userId, person, Actor.System, origin, token);
                return userId;
            },
            cancellationToken);
    }

    /// <summary>Whether that person of Microsoft's is or was somebody here.</summary>
    private static Task<bool> IsLinkedAsync(EnneoDbContext db, MicrosoftPerson person, CancellationToken cancellationToken) => LoginsOf(db, person).AnyAsync(cancellationToken);

    /// <summary>Whether that person of Microsoft's is somebody here; who was disabled is not any more.</summary>
    internal static Task<bool> IsSomebodyAsync(EnneoDbContext db, MicrosoftPerson person, CancellationToken cancellationToken) =>
        LoginsOf(db, person).AnyAsync(l => db.Users.Any(u => u.Id == l.UserId && u.DisabledAt == null), cancellationToken);

    private static IQueryable<IdentityUserLogin<long>> LoginsOf(EnneoDbContext db, MicrosoftPerson person)
    {
        var provider = ProviderOf(person);
        return db.UserLogins.Where(l => l.LoginProvider == provider && l.ProviderKey == person.ObjectId);
    }

    /// <summary>As <see cref="LinkAsync(long, MicrosoftPerson, Actor, string, CancellationToken)"/>, within a transaction of the writer lane.</summary>
    internal async Task<bool> LinkAsync(EnneoDbContext db, long userId, MicrosoftPerson person, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await LoginsOf(db, person).Select(l => (long?)l.UserId).SingleOrDefaultAsync(cancellationToken) is { } owner)
        {
            if (owner == userId || await IsSomebodyAsync(db, person, cancellationToken))
            {
                return owner == userId;
            }

            await LoginsOf(db, person).ExecuteDeleteAsync(cancellationToken);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorRemoved, actor, origin, clock, changes: [("user", null, owner), ("factor", null, Factor)]));
        }

        await db.UserLogins.Where(l => l.UserId == userId && l.LoginProvider.StartsWith(Factor)).ExecuteDeleteAsync(cancellationToken);
        db.UserLogins.Add(new IdentityUserLogin<long> { UserId = userId, LoginProvider = ProviderOf(person), ProviderKey = person.ObjectId, ProviderDisplayName = person.Address });
        db.Activity.Add(ActivityEntry.Of(ActivityKind.FactorAdded, actor, origin, clock, changes: [("user", null, userId), ("factor", null, Factor), ("name", null, person.Address)]));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private Task SetRoleAsync(long userId, string role, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var old = await RoleRows.OfAsync(db, userId, token);
            if (old == role || (old == Roles.Admin && !await RoleRows.HasOtherAdminAsync(db, userId, token)))
            {
                return; // there is always an admin
            }

            await RoleRows.SetAsync(db, userId, role, normalizer, token);
            var stamp = Accounts.NewStamp(); // sessions say which role their person has
            await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.SecurityStamp, stamp), token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.UserRoleChanged, Actor.System, origin, clock, changes: [("user", null, userId), ("role", old, role)]));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    private static string ProviderOf(MicrosoftPerson person) => $"{Factor} {person.TenantId.ToLowerInvariant()}";
}
