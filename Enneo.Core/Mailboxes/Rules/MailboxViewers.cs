using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Who sees a mailbox, as its form says it: by the agents' addresses. Inside the lane.</summary>
internal sealed class MailboxViewers(EnneoDbContext db, Actor actor, string origin, TimeProvider clock)
{
    public static async Task<IReadOnlyList<string>> AddressesAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken) =>
        await db.Users
            .Where(u => db.MailboxGrants.Any(g => g.UserId == u.Id && g.MailboxId == mailboxId))
            .Where(u => !db.UserRoles.Any(held => held.UserId == u.Id && db.Roles.Any(role => role.Id == held.RoleId && role.Name == Roles.Admin)))
            .Select(u => u.Email!)
            .OrderBy(email => email)
            .ToListAsync(cancellationToken);

    /// <returns>What is wrong with the addresses, in words; null when each is somebody's.</returns>
    public async Task<string?> ProblemAsync(IReadOnlyList<string>? addresses, CancellationToken cancellationToken)
    {
        var known = await FindAsync(addresses ?? [], cancellationToken);
        return addresses?.FirstOrDefault(address => !known.ContainsKey(Normalized(address))) is { } stranger
            ? string.Format(CultureInfo.CurrentCulture, MailboxText.NobodyWithAddress, stranger)
            : null;
    }

    /// <param name="addresses">Null for everybody.</param>
    public async Task SetAsync(long mailboxId, IReadOnlyList<string>? addresses, CancellationToken cancellationToken)
    {
        var before = await SeersAsync(mailboxId, cancellationToken);
        var people = addresses is null ? null : (await FindAsync(addresses, cancellationToken)).Values;
        await Grants.SetForMailboxAsync(db, mailboxId, people, cancellationToken);
        var after = await SeersAsync(mailboxId, cancellationToken);
        foreach (var userId in before.Except(after).Union(after.Except(before)).Order())
        {
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.UserAccessChanged, actor, origin, clock,
                changes: [("user", null, userId), ("mailbox", before.Contains(userId) ? mailboxId : null, after.Contains(userId) ? mailboxId : null)]));
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private Task<HashSet<long>> SeersAsync(long mailboxId, CancellationToken cancellationToken) =>
        db.MailboxGrants.Where(g => g.MailboxId == mailboxId).Select(g => g.UserId).ToHashSetAsync(cancellationToken);

    private async Task<Dictionary<string, long>> FindAsync(IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var normalized = addresses.Select(Normalized).ToList();
        return await db.Users.Where(u => normalized.Contains(u.NormalizedEmail!)).ToDictionaryAsync(u => u.NormalizedEmail!, u => u.Id, cancellationToken);
    }

    /// <summary>As the accounts keep them.</summary>
    private static string Normalized(string? address) => address?.Trim().ToUpperInvariant() ?? "";
}
