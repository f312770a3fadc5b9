using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>What a person may see, read anew each time (two look-ups by key), so that it holds from the moment an admin says so.</summary>
public sealed class Reaches(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Nothing for somebody who is not there, or was disabled.</returns>
    public async Task<Reach> FindAsync(long personId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await OfAsync(db, personId, cancellationToken);
    }

    /// <summary>Jobs, mail servers and the person at the machine reach everything.</summary>
    internal static Task<Reach> OfAsync(EnneoDbContext db, Actor actor, CancellationToken cancellationToken) => actor switch
    {
        { Kind: not ActorKind.User } => Task.FromResult(Reach.All),
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
                MailboxIds = db.MailboxGrants.Where(grant => grant.UserId == u.Id).Select(grant => grant.MailboxId).ToList(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        return person is null ? Reach.None : person.IsAdmin ? Reach.All : Reach.Of(person.MailboxIds);
    }
}
