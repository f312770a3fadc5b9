using System.Net.Mail;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>A person to be let in.</summary>
/// <param name="MailboxIds">What an agent may see; null for all mailboxes there are.</param>
public sealed record NewAccount(string Email, string DisplayName, string Role, string Password, IReadOnlyCollection<long>? MailboxIds = null);

/// <summary>How a change to the people ended.</summary>
/// <param name="UserId">Null when it was refused.</param>
/// <param name="Problem">Why it was refused, in words.</param>
public sealed record AccountResult(long? UserId, AccountField Field = AccountField.None, string? Problem = null)
{
    public bool Succeeded => UserId is not null;

    internal static AccountResult Refused(AccountField field, string problem) => new(null, field, problem);
}

/// <summary>The field that a refusal is about.</summary>
public enum AccountField
{
    None,
    Email,
    DisplayName,
    Role,
    Password,
}

/// <summary>A person, as the list shows them.</summary>
public sealed record Person(long Id, string DisplayName, string Email, string Role, DateTimeOffset CreatedAt)
{
    /// <summary>What was granted; an admin sees all mailboxes whatever it is.</summary>
    public IReadOnlyList<long> MailboxIds { get; init; } = [];

    public bool IsDisabled { get; init; }

    /// <summary>To some minutes; null for never.</summary>
    public DateTimeOffset? LastSeenAt { get; init; }

    public bool IsAdmin => Role == Roles.Admin;

    /// <summary>Whether mail of a mailbox can be theirs to answer.</summary>
    public bool Sees(long mailboxId) => !IsDisabled && (IsAdmin || MailboxIds.Contains(mailboxId));
}

/// <summary>Lets people in: the first-run page, the list of people and the commands call it.</summary>
public sealed class Accounts(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    IPasswordHasher<User> hasher,
    ILookupNormalizer normalizer,
    Sessions sessions,
    TimeProvider clock)
{
    private const string FirstRun = "first-run";
    private const string Closed = "closed";
    private const int MaxNameLength = 200;

    /// <summary>Whether the first-run page may still make the first admin. Once closed it never opens again.</summary>
    public async Task<bool> IsFirstRunOpenAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await IsFirstRunOpenAsync(db, cancellationToken);
    }

    public Task<AccountResult> AddAsync(NewAccount account, Actor actor, string origin, CancellationToken cancellationToken) =>
        AddAsync(account, actor, origin, isFirstAdmin: false, cancellationToken);

    /// <summary>Adds the first admin, in the same transaction that closes the first run.</summary>
    public Task<AccountResult> AddFirstAdminAsync(NewAccount account, string origin, CancellationToken cancellationToken) =>
        AddAsync(account with { Role = Roles.Admin }, Actor.System, origin, isFirstAdmin: true, cancellationToken);

    /// <summary>Gives a person a new password, by which alone they sign in then, not by Microsoft, and ends all their sessions.</summary>
    public async Task<AccountResult> ResetAsync(
        string email, string password, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (PasswordRules.ProblemWith(password, email) is { } problem)
        {
            return AccountResult.Refused(AccountField.Password, problem);
        }

        var normalized = normalizer.NormalizeEmail(email.Trim());
        var hash = hasher.HashPassword(new User(), password); // slow on purpose: not in the lane
        return await lane.RunAsync(async (db, token) =>
        {
            var user = await db.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == normalized, token);
            if (user is null)
            {
                return AccountResult.Refused(AccountField.Email, PeopleText.NoSuchPerson);
            }

            user.PasswordHash = hash;
            user.SecurityStamp = NewStamp();
            await db.UserLogins.Where(l => l.UserId == user.Id).ExecuteDeleteAsync(token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.UserReset, actor, origin, clock, changes: ("user", null, user.Id)));
            await db.SaveChangesAsync(token);
            await sessions.EndAllAsync(db, user.Id, null, actor, origin, token);
            return new AccountResult(user.Id);
        }, cancellationToken);
    }

    /// <summary>A person chooses a new password, having given the present one; their other sessions end.</summary>
    public async Task<AccountResult> ChangePasswordAsync(
        long userId, string email, string password, string sessionId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (PasswordRules.ProblemWith(password, email) is { } problem)
        {
            return AccountResult.Refused(AccountField.Password, problem);
        }

        var hash = hasher.HashPassword(new User(), password); // slow on purpose: not in the lane
        return await lane.RunAsync(async (db, token) =>
        {
            await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.PasswordChanged, actor, origin, clock, changes: ("user", null, userId)));
            await db.SaveChangesAsync(token);
            await sessions.EndAllAsync(db, userId, sessionId, actor, origin, token);
            return new AccountResult(userId);
        }, cancellationToken);
    }

    /// <returns>Null when nobody has that address.</returns>
    public async Task<long?> FindAsync(string email, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email.Trim());
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => u.NormalizedEmail == normalized).Select(u => (long?)u.Id).SingleOrDefaultAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Person>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users.AsNoTracking()
            .Where(u => !u.IsService)
            .OrderBy(u => u.DisplayName).ThenBy(u => u.Email)
            .Select(u => new Person(
                u.Id,
                u.DisplayName,
                u.Email!,
                db.UserRoles.Where(r => r.UserId == u.Id).Join(db.Roles, r => r.RoleId, r => r.Id, (_, r) => r.Name!).OrderBy(r => r).FirstOrDefault() ?? Roles.Agent,
                u.CreatedAt)
            {
                MailboxIds = db.MailboxGrants.Where(g => g.UserId == u.Id).Select(g => g.MailboxId).OrderBy(id => id).ToList(),
                IsDisabled = u.DisabledAt != null,
                LastSeenAt = u.LastSeenAt,
            })
            .ToListAsync(cancellationToken);
    }

    private async Task<AccountResult> AddAsync(
        NewAccount account, Actor actor, string origin, bool isFirstAdmin, CancellationToken cancellationToken)
    {
        account = account with { Email = account.Email.Trim(), DisplayName = account.DisplayName.Trim() };
        if (Refusal(account) is { } refusal)
        {
            return refusal;
        }

        var user = NewUser(account); // hashing is slow on purpose: not in the lane
        return await lane.RunAsync(async (db, token) =>
        {
            if (isFirstAdmin && !await IsFirstRunOpenAsync(db, token))
            {
                return AccountResult.Refused(AccountField.None, PeopleText.FirstRunClosed);
            }

            return await AddAsync(db, user, account, actor, origin, token);
        }, cancellationToken);
    }

    /// <summary>Adds somebody whom <see cref="Refusal(NewAccount)"/> does not refuse and <see cref="NewUser"/> made. Within a transaction of the writer lane.</summary>
    internal async Task<AccountResult> AddAsync(EnneoDbContext db, User user, NewAccount account, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await db.Users.AnyAsync(u => u.NormalizedEmail == user.NormalizedEmail, cancellationToken))
        {
            return AccountResult.Refused(AccountField.Email, PeopleText.EmailTaken);
        }

        db.Users.Add(user);
        await db.SaveChangesAsync(cancellationToken); // gives them their id

        await RoleRows.SetAsync(db, user.Id, account.Role, normalizer, cancellationToken);
        await Grants.SetAsync(db, user.Id, account.MailboxIds, cancellationToken);
        if (account.Role == Roles.Admin)
        {
            await CloseFirstRunAsync(db, cancellationToken);
        }

        var mailboxes = await Grants.OfAsync(db, user.Id, cancellationToken);
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.UserAdded, actor, origin, clock, changes: [("user", null, user.Id), ("role", null, account.Role), ("mailboxes", null, mailboxes)]));
        await db.SaveChangesAsync(cancellationToken);
        return new AccountResult(user.Id);
    }

    /// <returns>Why nobody can be let in like that; null when they can.</returns>
    internal static AccountResult? Refusal(NewAccount account) => Refusal(account.Email, account.DisplayName, account.Role)
        ?? (PasswordRules.ProblemWith(account.Password, account.Email) is { } problem ? AccountResult.Refused(AccountField.Password, problem) : null);

    internal static AccountResult? Refusal(string email, string displayName, string role)
    {
        if (!IsAddress(email))
        {
            return AccountResult.Refused(AccountField.Email, PeopleText.EmailInvalid);
        }

        if (displayName.Length > MaxNameLength)
        {
            return AccountResult.Refused(AccountField.DisplayName, PeopleText.NameTooLong);
        }

        return role is Roles.Admin or Roles.Agent ? null : AccountResult.Refused(AccountField.Role, PeopleText.RoleUnknown);
    }

    private static bool IsAddress(string email) =>
        MailAddress.TryCreate(email, out var address) && address.Address == email && address.DisplayName.Length == 0;

    internal User NewUser(NewAccount account)
    {
        var user = NewUserWithoutPassword(account);
        user.PasswordHash = hasher.HashPassword(user, account.Password);
        return user;
    }

    /// <summary>Somebody whom others vouch for: no password opens their account.</summary>
    internal User NewUserWithoutPassword(NewAccount account) => new()
    {
        UserName = account.Email,
        NormalizedUserName = normalizer.NormalizeName(account.Email),
        Email = account.Email,
        NormalizedEmail = normalizer.NormalizeEmail(account.Email),
        EmailConfirmed = true,
        DisplayName = account.DisplayName.Length > 0 ? account.DisplayName : account.Email[..account.Email.LastIndexOf('@')],
        CreatedAt = clock.GetUtcNow(),
        SecurityStamp = NewStamp(),
    };

    internal static string NewStamp() => Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(20));

    private static async Task<bool> IsFirstRunOpenAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        !await db.Settings.AnyAsync(s => s.Name == FirstRun && s.Value == Closed, cancellationToken)
        && !await db.UserRoles.AnyAsync(u => db.Roles.Any(r => r.Id == u.RoleId && r.Name == Roles.Admin), cancellationToken);

    private static async Task CloseFirstRunAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        if (!await db.Settings.AnyAsync(s => s.Name == FirstRun, cancellationToken))
        {
            db.Settings.Add(new Setting { Name = FirstRun, Value = Closed });
        }
    }
}
