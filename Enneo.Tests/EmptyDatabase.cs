using Enneo.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests;

/// <summary>A database without rows, made once for all tests: to copy it takes a moment, to make its tables does not.</summary>
internal static class EmptyDatabase
{
    private static readonly TemporaryFolder s_folder = new();
    private static readonly Lazy<Task<string>> s_made = new(MakeAsync);

    /// <summary>Puts one into a data directory that has none.</summary>
    public static async Task PutAsync(DataDirectory directory) => File.Copy(await s_made.Value, directory.Database);

    private static async Task<string> MakeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => s_folder.Dispose();
        DataDirectory directory = new(s_folder.Path);
        await using SqliteConnection connection = new(EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadWriteCreate) + ";Pooling=False");
        await connection.OpenAsync();
        await using EnneoDbContext db = new(EnneoDatabase.Options(connection));
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL"); // closing the only connection folds the log in
        return directory.Database;
    }
}
