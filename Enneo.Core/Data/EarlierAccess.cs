using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>Before mailboxes were granted, everybody saw all of them: whoever was there then still sees what was there then.</summary>
internal static class EarlierAccess
{
    private const string Sql = """
        INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId)
        SELECT u.Id, m.Id FROM "AspNetUsers" u CROSS JOIN mailboxes m WHERE NOT EXISTS (SELECT 1 FROM settings WHERE Name = 'mailbox-grants');
        INSERT OR IGNORE INTO settings (Name, Value) VALUES ('mailbox-grants', 'made');
        """;

    /// <summary>Once; from then on admins decide.</summary>
    public static Task KeepAsync(DbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(Sql, cancellationToken);
}
