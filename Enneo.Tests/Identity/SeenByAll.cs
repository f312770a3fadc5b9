using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Identity;

/// <summary>For databases that are written by hand: everybody sees every mailbox, as after <c>mailbox add</c>.</summary>
internal static class SeenByAll
{
    public static Task GrantAsync(EnneoDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(
        """INSERT OR IGNORE INTO mailbox_grants (UserId, MailboxId) SELECT u.Id, m.Id FROM "AspNetUsers" u CROSS JOIN mailboxes m""", cancellationToken);
}
