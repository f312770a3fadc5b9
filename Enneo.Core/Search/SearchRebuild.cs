using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Search;

/// <summary>
/// Makes the index anew from the sources of all mail, newest first, while everything else goes on. An
/// interrupted one goes on where it was: what is not in the index yet is what is left to do.
/// </summary>
public sealed partial class SearchRebuild(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, MessageParser parser, ILogger<SearchRebuild> logger)
{
    private const string StateSetting = "search-index";
    private const string Building = SearchSchema.Version + " building";
    private const int Batch = 50;
    private const int NoSuchTable = 1; // SQLITE_ERROR
    private const int Corrupt = 11; // SQLITE_CORRUPT

    /// <returns>How many messages were read.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await lane.RunAsync(StartOverAsync, cancellationToken);
        return await FillAsync(cancellationToken);
    }

    /// <summary>Does what is left to do: nothing, the rest of an interrupted rebuild, or all of it when the index is damaged or of another version.</summary>
    /// <returns>Whether there was anything.</returns>
    internal async Task<bool> ContinueAsync(CancellationToken cancellationToken)
    {
        switch (await StateAsync(cancellationToken))
        {
            case SearchSchema.Version when !await IsDamagedAsync(cancellationToken):
                return false;
            case Building:
                return await FillAsync(cancellationToken) > 0;
            default:
                return await RunAsync(cancellationToken) > 0;
        }
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
        await SetStateAsync(db, Building, cancellationToken);
    }

    private static async Task SetStateAsync(EnneoDbContext db, string state, CancellationToken cancellationToken)
    {
        if (await db.Settings.Where(s => s.Name == StateSetting).ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, state), cancellationToken) == 0)
        {
            db.Settings.Add(new Setting { Name = StateSetting, Value = state });
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private async Task<int> FillAsync(CancellationToken cancellationToken)
    {
        var before = long.MaxValue;
        var count = 0;
        while (await NextAsync(before, cancellationToken) is { Count: > 0 } messages)
        {
            var documents = new SearchDocument[messages.Count];
            await Parallel.ForAsync(0, messages.Count, cancellationToken, async (i, token) => documents[i] = await ReadAsync(messages[i], token));
            await lane.RunBulkAsync((db, token) => AddAsync(db, documents, token), cancellationToken);
            before = messages[^1].Message.Id;
            count += messages.Count;
        }

        await lane.RunAsync((db, token) => SetStateAsync(db, SearchSchema.Version, token), cancellationToken);
        if (count > 0)
        {
            LogRebuilt(count);
        }

        return count;
    }

    private async Task<IReadOnlyList<Unread>> NextAsync(long before, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from message in db.Messages
            join source in db.Sources on message.SourceId equals source.Id
            where message.Id < before && !db.SearchEntries.Any(e => e.MessageId == message.Id)
            orderby message.Id descending
            select new Unread(message, source))
            .AsNoTracking().Take(Batch).ToListAsync(cancellationToken);
    }

    private async Task<SearchDocument> ReadAsync(Unread unread, CancellationToken cancellationToken)
    {
        try
        {
            using var raw = await store.OpenAsync(unread.Source, cancellationToken);
            return SearchDocument.Of(unread.Message, await parser.ParseAsync(raw, cancellationToken));
        }
        catch (CorruptSourceException)
        {
            return SearchDocument.Of(unread.Message, new ParsedMessage()); // what its row says can still be found
        }
    }

    /// <summary>What was taken back or imported meanwhile is passed over.</summary>
    private static async Task AddAsync(EnneoDbContext db, IReadOnlyList<SearchDocument> documents, CancellationToken cancellationToken)
    {
        var ids = documents.Select(document => document.MessageId).ToList();
        var wanted = await db.Messages
            .Where(m => ids.Contains(m.Id) && !db.SearchEntries.Any(e => e.MessageId == m.Id))
            .Select(m => m.Id)
            .ToListAsync(cancellationToken);
        using SearchWriter writer = new(db);
        foreach (var document in documents.Where(document => wanted.Contains(document.MessageId)))
        {
            writer.Add(document);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The search index is damaged, and is made anew from the stored mail")]
    private partial void LogDamaged();

    [LoggerMessage(LogLevel.Information, "Search index made anew from {Count} messages")]
    private partial void LogRebuilt(int count);

    private sealed record Unread(Message Message, StoredSource Source);
}
