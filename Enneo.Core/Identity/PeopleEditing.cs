using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>
/// What admins decide about people who are there already: role, mailboxes, whether they may sign in. A new role and
/// being disabled end their sessions; there is always an admin who can let people in.
/// </summary>
public sealed class PeopleEditing(WriterLane lane, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <param name="mailboxIds">What an agent may see; null for all mailboxes there are.</param>
    public Task<AccountResult> ChangeAsync(
        long userId, string role, IReadOnlyCollection<long>? mailboxIds, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        userId,
        async (db, user, token) =>
        {
            if (role is not (Roles.Admin or Roles.Agent))
            {
                return AccountResult.Refused(AccountField.Role, PeopleText.RoleUnknown);
            }

            var old = await RoleRows.OfAsync(db, userId, token);
            if (old != role && role == Roles.Agent && user.DisabledAt is null && !await RoleRows.HasOtherAdminAsync(db, userId, token))
            {
                return AccountResult.Refused(AccountField.Role, PeopleText.LastAdmin);
            }

            if (old != role)
            {
                await RoleRows.SetAsync(db, userId, role, normalizer, token);
                user.SecurityStamp = Accounts.NewStamp(); // the session says which role its person has
                db.Activity.Add(ActivityEntry.Of(ActivityKind.UserRoleChanged, actor, origin, clock, changes: [("user", null, userId), ("role", old, role)]));
            }

            await GrantAsync(db, userId, mailboxIds, actor, origin, token);
            return new AccountResult(userId);
        },
        actor,
        cancellationToken);

    /// <summary>Ends their sessions, and lets nobody in by their address until <see cref="EnableAsync"/>. What they wrote stays.</summary>
    public Task<AccountResult> DisableAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        userId,
        async (db, user, token) =>
        {
            if (await RoleRows.OfAsync(db, userId, token) == Roles.Admin && !await RoleRows.HasOtherAdminAsync(db, userId, token))
            {
                return AccountResult.Refused(AccountField.None, PeopleText.LastAdmin);
            }

            return Set(db, user, clock.GetUtcNow(), ActivityKind.UserDisabled, actor, origin);
        },
        actor,
        cancellationToken);

    public Task<AccountResult> EnableAsync(long userId, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        userId, (db, user, _) => Task.FromResult(Set(db, user, null, ActivityKind.UserEnabled, actor, origin)), actor, cancellationToken);

    private Task<AccountResult> EditAsync(
        long userId, Func<EnneoDbContext, User, CancellationToken, Task<AccountResult>> edit, Actor actor, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (!(await Reaches.OfAsync(db, actor, token)).IsAll)
            {
                return AccountResult.Refused(AccountField.None, PeopleText.OnlyAdmins);
            }

            if (await db.Users.SingleOrDefaultAsync(u => u.Id == userId, token) is not { } user)
            {
                return AccountResult.Refused(AccountField.None, PeopleText.PersonGone);
            }

            var result = await edit(db, user, token);
            await db.SaveChangesAsync(token);
            return result;
        },
        cancellationToken);

    private async Task GrantAsync(EnneoDbContext db, long userId, IReadOnlyCollection<long>? mailboxIds, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var before = await Grants.OfAsync(db, userId, cancellationToken);
        await Grants.SetAsync(db, userId, mailboxIds, cancellationToken);
        var after = await Grants.OfAsync(db, userId, cancellationToken);
        if (!before.SequenceEqual(after))
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.UserAccessChanged, actor, origin, clock, changes: [("user", null, userId), ("mailboxes", before, after)]));
        }
    }

    /// <summary>Nothing is written when it is so already.</summary>
    private AccountResult Set(EnneoDbContext db, User user, DateTimeOffset? disabledAt, ActivityKind kind, Actor actor, string origin)
    {
        if (user.DisabledAt is null != disabledAt is null)
        {
            user.DisabledAt = disabledAt;
            user.SecurityStamp = Accounts.NewStamp();
            db.Activity.Add(ActivityEntry.Of(kind, actor, origin, clock, changes: ("user", null, user.Id)));
        }

        return new AccountResult(user.Id);
    }
}
