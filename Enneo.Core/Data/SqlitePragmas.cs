using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Enneo.Core.Data;

/// <summary>What each connection needs to be told, since SQLite forgets it between connections.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>
    /// FULL, not NORMAL: in WAL mode NORMAL may lose the last commits at a power loss, and a mail
    /// whose "sent" mark was lost would be sent twice (https://sqlite.org/pragma.html#pragma_synchronous).
    /// What a work of the lane would be undone with is kept in memory: works are small, and a file is written page by page.
    /// </summary>
    public const string Writer = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8192; PRAGMA wal_autocheckpoint=4000; PRAGMA temp_store=MEMORY;";

    public const string Reader = "PRAGMA busy_timeout=5000; PRAGMA foreign_keys=ON; PRAGMA synchronous=FULL;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        Apply(connection);

    public override Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Apply(connection);
        return Task.CompletedTask;
    }

    private static void Apply(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Reader;
        command.ExecuteNonQuery();
    }
}
