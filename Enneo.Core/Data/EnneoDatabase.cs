using Enneo.Core.Activity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>How connections and contexts are made.</summary>
internal static class EnneoDatabase
{
    public static string ConnectionString(DataDirectory directory, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = directory.Database, Mode = mode, DefaultTimeout = 30 }.ToString();

    /// <summary>Options for a context on a connection that the caller owns.</summary>
    /// <param name="commands">Where it is the writer lane's.</param>
    public static DbContextOptions<EnneoDbContext> Options(SqliteConnection connection, KeptCommands? commands = null) =>
        new DbContextOptionsBuilder<EnneoDbContext>()
            .AddInterceptors(commands is null ? [] : [commands, new ActivityWriting()])
            .UseSqlite(connection)
            .UseApplicationServiceProvider(IdentitySchema.Services)
            .UseAsyncSeeding(async (db, _, cancellationToken) => // once its tables are there
            {
                await SearchSchema.CreateAsync(db, cancellationToken);
                await EarlierAccess.KeepAsync(db, cancellationToken);
            })
            .Options;
}
