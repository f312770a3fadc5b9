using Enneo.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Search;

/// <summary>
/// Makes the index anew from the sources of all mail, while everything else goes on.
/// </summary>
public sealed partial class SearchRebuild(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, SearchBacklog backlog, ILogger<SearchRebuild> logger)
{
    private const string StateSetting = "search-index";
    private const int NoSuchTable = 1; // SQLITE_ERROR
    private const int Corrupt = 11; // SQLITE_CORRUPT

    /// <returns>How many messages were read.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await lane.RunAsync(StartOverAsync, cancellationToken);
        var count = await backlog.WorkOffAsync(cancellationToken);
        LogRebuilt(count);
        return count;
    }

    /// <summary>Does what is left to do: nothing, the rest of what was interrupted, or all of it when the index is damaged or of another version.</summary>
    /// <returns>Whether there was anything.</returns>
    internal async Task<bool> ContinueAsync(CancellationToken cancellationToken)
    {
        var isUsable = await StateAsync(cancellationToken) == SearchSchema.Version && !await IsDamagedAsync(cancellationToken);
        return await (isUsable ? backlog.WorkOffAsync(cancellationToken) : RunAsync(cancellationToken)) > 0;
    }

    private async Task<string?> StateAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Settings.Where(s => s.Name == StateSetting).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>A look at its head and at one row. To look at all of it takes as long as making it anew.</summary>
    private async Task<bool> IsDamagedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
            await db.Database.OpenConnectionAsync(cancellationToken);
            using SqlStatement look = new(db, "SELECT rowid, Subject FROM search WHERE search MATCH 'Scope : \"mail\"' ORDER BY rowid DESC LIMIT 1");
            look.Rows(row => row.GetString(1));
            return false;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is NoSuchTable or Corrupt)
        {
            LogDamaged();
            return true;
        }
    }

    private static async Task StartOverAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        await SearchSchema.DropAsync(db, cancellationToken);
        await SearchSchema.CreateAsync(db, cancellationToken);
        await db.SearchEntries.ExecuteDeleteAsync(cancellationToken);
        await SearchBacklog.FillAsync(db, cancellationToken);
        await SetStateAsync(db, SearchSchema.Version, cancellationToken);
    }

    private static async Task SetStateAsync(EnneoDbContext db, string state, CancellationToken cancellationToken)
    {
        if (await db.Settings.Where(s => s.Name == StateSetting).ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, state), cancellationToken) == 0)
        {
            db.Settings.Add(new Setting { Name = StateSetting, Value = state });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The search index is damaged, and is made anew from the stored mail")]
    private partial void LogDamaged();

    [LoggerMessage(LogLevel.Information, "Search index made anew from {Count} messages")]
    private partial void LogRebuilt(int count);
}
