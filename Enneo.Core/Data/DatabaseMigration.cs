using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Data;

/// <summary>Brings the database to this program's version, after taking a copy of it.</summary>
public sealed partial class DatabaseMigration(DataDirectory directory, TimeProvider clock, ILogger<DatabaseMigration> logger)
{
    private const int CopiesKept = 5;
    private const int NotADatabase = 26; // SQLITE_NOTADB
    private const int Corrupt = 11; // SQLITE_CORRUPT

    /// <summary>Whether there is a database and every migration of this program has been applied to it.</summary>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(directory.Database))
        {
            return false;
        }

        await using var connection = await OpenAsync(SqliteOpenMode.ReadWrite, cancellationToken);
        await using EnneoDbContext db = new(EnneoDatabase.Options(connection));
        return !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
    }

    /// <summary>Only the holder of the <see cref="ServerLock"/> may call this.</summary>
    /// <returns>Why the database cannot be used, in words; null when it is ready.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (new DataReplacement(directory, clock).Finish())
            {
                LogRestoreFinished();
            }

            var existed = File.Exists(directory.Database);
            await using var connection = await OpenAsync(SqliteOpenMode.ReadWriteCreate, cancellationToken);
            await using EnneoDbContext db = new(EnneoDatabase.Options(connection));
            return await MigrateAsync(db, connection, existed, cancellationToken);
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NotADatabase or Corrupt)
        {
            return string.Format(CultureInfo.CurrentCulture, DataText.NotADatabase, directory.Database);
        }
        catch (SqliteException exception)
        {
            return string.Format(CultureInfo.CurrentCulture, DataText.DatabaseUnusable, directory.Database, exception.Message);
        }
    }

    private async Task<string?> MigrateAsync(
        EnneoDbContext db, SqliteConnection connection, bool existed, CancellationToken cancellationToken)
    {
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        if ((await db.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(m => !known.Contains(m)) is { } newer)
        {
            return string.Format(CultureInfo.CurrentCulture, DataText.DatabaseNewer, directory.Database, newer);
        }

        if ((await db.Database.GetPendingMigrationsAsync(cancellationToken)).FirstOrDefault() is { } pending)
        {
            if (existed)
            {
                Copy(connection, pending);
            }

            await db.Database.MigrateAsync(cancellationToken);
            await OlderData.CarryOverAsync(db, cancellationToken);
            LogMigrated(known.Last());
        }

        return null;
    }

    private async Task<SqliteConnection> OpenAsync(SqliteOpenMode mode, CancellationToken cancellationToken)
    {
        SqliteConnection connection = new(EnneoDatabase.ConnectionString(directory, mode));
        await connection.OpenAsync(cancellationToken);
        await using var pragmas = connection.CreateCommand();
        pragmas.CommandText = SqlitePragmas.Writer;
        await pragmas.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    private void Copy(SqliteConnection database, string migration)
    {
        Directory.CreateDirectory(directory.Copies);
        var time = clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(directory.Copies, $"enneo-{time}-before-{migration}.db");
        DatabaseSnapshot.Write(database, path);
        LogCopied(path);
        foreach (var old in Directory.EnumerateFiles(directory.Copies, "enneo-*-before-*.db").OrderDescending(StringComparer.Ordinal).Skip(CopiesKept))
        {
            File.Delete(old);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A restore had been interrupted while it changed places with the data; it has been finished")]
    private partial void LogRestoreFinished();

    [LoggerMessage(LogLevel.Information, "Database copied to {Path} before it is changed")]
    private partial void LogCopied(string path);

    [LoggerMessage(LogLevel.Information, "Database brought to {Migration}")]
    private partial void LogMigrated(string migration);
}
