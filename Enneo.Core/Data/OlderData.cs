using System.Text.Json;
using Enneo.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>What a new version makes of rows that an older one wrote, after its tables have been changed.</summary>
internal static class OlderData
{
    /// <summary>The log is as <see cref="Audit"/> of this version sees it.</summary>
    private const string AuditSql = "UPDATE activity SET IsAudited = TRUE WHERE NOT IsAudited AND Kind IN (SELECT value FROM json_each({0}))";

    /// <summary>Sessions are rows by now; what had ended is no row.</summary>
    private const string SessionsSql = "DELETE FROM settings WHERE Name LIKE 'session-ended:%'";

    public static async Task CarryOverAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var kinds = JsonSerializer.Serialize(Audit.Kinds.Select(kind => kind.ToString()));
        await db.Database.ExecuteSqlRawAsync(AuditSql, [kinds], cancellationToken);
        await db.Database.ExecuteSqlRawAsync(SessionsSql, cancellationToken);
    }
}
