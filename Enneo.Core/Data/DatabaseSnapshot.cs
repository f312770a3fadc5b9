using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Data;

/// <summary>A copy of the database as it was at one moment, taken while others write: one file, readable on its own.</summary>
public sealed class DatabaseSnapshot(DataDirectory directory)
{
    /// <summary>Writes it to a file that must not exist yet.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        await using SqliteConnection database = new(EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadOnly));
        await database.OpenAsync(cancellationToken);
        await Task.Run(() => Write(database, path), cancellationToken); // SQLite copies in one go (https://sqlite.org/backup.html)
    }

    /// <summary>A context that reads such a file. The caller disposes of it.</summary>
    public static EnneoDbContext Open(string path) => new(new DbContextOptionsBuilder<EnneoDbContext>()
        .UseSqlite(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
        .UseApplicationServiceProvider(IdentitySchema.Services)
        .Options);

    /// <summary>Looks through the whole file.</summary>
    /// <returns>What is wrong with it, in SQLite's words; null when nothing is.</returns>
    public static async Task<string?> ProblemWithAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = Open(path);
            var found = await db.Database.SqlQuery<string>($"SELECT integrity_check AS Value FROM pragma_integrity_check").ToListAsync(cancellationToken);
            return found is ["ok"] ? null : string.Join("; ", found.Take(3));
        }
        catch (SqliteException exception)
        {
            return exception.Message;
        }
    }

    internal static void Write(SqliteConnection database, string path)
    {
        using SqliteConnection copy = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        copy.Open();
        database.BackupDatabase(copy);
        using var alone = copy.CreateCommand();
        alone.CommandText = "PRAGMA journal_mode=DELETE"; // no -wal beside it, without which the copy would not be whole
        alone.ExecuteNonQuery();
    }
}
