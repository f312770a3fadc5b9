using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>Who has which role, of which everybody has one. Within a transaction of the writer lane.</summary>
internal static class RoleRows
{
    public static async Task<string> OfAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) =>
        await db.UserRoles.Where(held => held.UserId == userId)
            .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!)
            .OrderBy(name => name)
            .FirstOrDefaultAsync(cancellationToken) ?? Roles.Agent;

    /// <summary>Gives a person a role, in place of the one they had.</summary>
    public static async Task SetAsync(EnneoDbContext db, long userId, string name, ILookupNormalizer normalizer, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeName(name);
        var role = await db.Roles.SingleOrDefaultAsync(r => r.NormalizedName == normalized, cancellationToken);
        if (role is null)
        {
            role = new IdentityRole<long>(name) { NormalizedName = normalized };
            db.Roles.Add(role);
            await db.SaveChangesAsync(cancellationToken); // gives it its id
        }

        await db.UserRoles.Where(held => held.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        db.UserRoles.Add(new IdentityUserRole<long> { UserId = userId, RoleId = role.Id });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether somebody else than that person can still let people in.</summary>
    public static Task<bool> HasOtherAdminAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) => db.Users.AnyAsync(
        u => u.Id != userId && u.DisabledAt == null && db.UserRoles.Any(held => held.UserId == u.Id && db.Roles.Any(role => role.Id == held.RoleId && role.Name == Roles.Admin)),
        cancellationToken);
}
