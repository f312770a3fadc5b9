using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity.Factors;

/// <summary>Who must have a second step.</summary>
public enum SecondStepRequirement
{
    Nobody,
    Admins,
    Everybody,
}

/// <summary>The installation's rule about second steps, and who does not keep it yet.</summary>
public sealed class SecondStep(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const string Name = "second-step";

    public async Task<SecondStepRequirement> GetAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await GetAsync(db, cancellationToken);
    }

    public Task SetAsync(SecondStepRequirement requirement, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) =>
        {
            var old = await GetAsync(db, token);
            if (old == requirement)
            {
                return;
            }

            if (await db.Settings.SingleOrDefaultAsync(s => s.Name == Name, token) is { } setting)
            {
                setting.Value = requirement.ToString();
            }
            else
            {
                db.Settings.Add(new Setting { Name = Name, Value = requirement.ToString() });
            }

            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.SecondStepChanged, actor, origin, clock, changes: ("required", old.ToString(), requirement.ToString())));
            await db.SaveChangesAsync(token);
        }, cancellationToken);

    /// <summary>Whether a person must have a second step, whether they have one or not.</summary>
    public async Task<bool> IsRequiredAsync(long userId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await IsRequiredAsync(db, userId, cancellationToken);
    }

    internal static async Task<bool> IsMissingAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) =>
        await IsRequiredAsync(db, userId, cancellationToken) && !await HasAnyAsync(db, userId, cancellationToken);

    internal static async Task<bool> IsRequiredAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) =>
        await GetAsync(db, cancellationToken) switch
        {
            SecondStepRequirement.Everybody => true,
            SecondStepRequirement.Admins => await db.UserRoles.AnyAsync(
                u => u.UserId == userId && db.Roles.Any(r => r.Id == u.RoleId && r.Name == Roles.Admin), cancellationToken),
            _ => false,
        };

    internal static async Task<bool> HasAnyAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) =>
        await db.AuthenticatorApps.AnyAsync(a => a.UserId == userId && a.ProtectedSecret != null, cancellationToken)
        || await db.UserPasskeys.AnyAsync(p => p.UserId == userId, cancellationToken);

    private static async Task<SecondStepRequirement> GetAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        Enum.TryParse<SecondStepRequirement>(
            await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken), out var requirement)
            ? requirement
            : SecondStepRequirement.Nobody;
}
