using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity;

/// <summary>A mailbox that a person may see. Admins see all of them, whatever was granted.</summary>
public sealed class MailboxGrant : IInMailbox
{
    public required long UserId { get; init; }
    public required long MailboxId { get; init; }
}

internal sealed class MailboxGrantConfiguration : IEntityTypeConfiguration<MailboxGrant>
{
    public void Configure(EntityTypeBuilder<MailboxGrant> grant)
    {
        grant.ToTable("mailbox_grants");
        grant.HasKey(g => new { g.UserId, g.MailboxId });
        grant.HasIndex(g => g.MailboxId);
        grant.HasOne<User>().WithMany().HasForeignKey(g => g.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

/// <summary>Writes what people may see. Within a transaction of the writer lane.</summary>
internal static class Grants
{
    /// <summary>Lets a person see mailboxes and, of those in use, no others. Those of removed mailboxes stay as they are.</summary>
    /// <param name="mailboxIds">Null for all there are, removed ones included.</param>
    public static async Task SetAsync(EnneoDbContext db, long userId, IReadOnlyCollection<long>? mailboxIds, CancellationToken cancellationToken)
    {
        if (mailboxIds is null)
        {
            await db.Database.ExecuteSqlAsync($"INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId) SELECT {userId}, Id FROM mailboxes", cancellationToken);
            return;
        }

        var ids = JsonSerializer.Serialize(mailboxIds);
        foreach (var statement in (FormattableString[])
        [
            $"DELETE FROM mailbox_grants WHERE UserId = {userId} AND MailboxId IN (SELECT Id FROM mailboxes WHERE RemovedAt IS NULL)",
            $"INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId) SELECT {userId}, Id FROM mailboxes WHERE Id IN (SELECT value FROM json_each({ids}))",
        ])
        {
            await db.Database.ExecuteSqlAsync(statement, cancellationToken);
        }
    }

    /// <summary>Says which agents see a mailbox; admins do anyway.</summary>
    /// <param name="userIds">Null for everybody there is.</param>
    public static async Task SetForMailboxAsync(EnneoDbContext db, long mailboxId, IReadOnlyCollection<long>? userIds, CancellationToken cancellationToken)
    {
        if (userIds is null)
        {
            await db.Database.ExecuteSqlAsync($"""INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId) SELECT Id, {mailboxId} FROM "AspNetUsers" """, cancellationToken);
            return;
        }

        var ids = JsonSerializer.Serialize(userIds);
        foreach (var statement in (FormattableString[])
        [
            $"""
            DELETE FROM mailbox_grants WHERE MailboxId = {mailboxId}
            AND UserId NOT IN (SELECT held.UserId FROM "AspNetUserRoles" held JOIN "AspNetRoles" role ON role.Id = held.RoleId WHERE role.Name = {Roles.Admin})
            """,
            $"""INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId) SELECT Id, {mailboxId} FROM "AspNetUsers" WHERE Id IN (SELECT value FROM json_each({ids}))""",
        ])
        {
            await db.Database.ExecuteSqlAsync(statement, cancellationToken);
        }
    }

    /// <returns>Every mailbox in use.</returns>
    public static Task<List<long>> AllAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<long>($"SELECT Id AS Value FROM mailboxes WHERE RemovedAt IS NULL ORDER BY Id").ToListAsync(cancellationToken);

    /// <returns>The mailboxes granted to a person, ascending.</returns>
    public static Task<List<long>> OfAsync(EnneoDbContext db, long userId, CancellationToken cancellationToken) =>
        db.MailboxGrants.Where(g => g.UserId == userId).Select(g => g.MailboxId).OrderBy(id => id).ToListAsync(cancellationToken);
}
