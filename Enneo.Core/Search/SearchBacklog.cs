using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Search;

/// <summary>
/// Reads into the index what came in by the thousands, and everything when it is made anew: behind
/// all other work, from the stored sources. What is left to do is in the database, so that it goes on
/// after an interruption.
/// </summary>
public sealed class SearchBacklog(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, MessageParser parser)
{
    private const int Batch = 50;

    /// <summary>All mail, newest first.</summary>
    internal static Task FillAsync(EnneoDbContext db, CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(
        "DELETE FROM search_backlog; INSERT INTO search_backlog (MessageId) SELECT Id FROM messages WHERE SourceId IS NOT NULL ORDER BY ReceivedAt DESC, Id DESC",
        cancellationToken);

    /// <returns>How many messages were read.</returns>
    internal async Task<int> WorkOffAsync(CancellationToken cancellationToken)
    {
        var count = 0;
        while (await NextAsync(cancellationToken) is { Count: > 0 } messages)
        {
            var documents = new SearchDocument[messages.Count];
            await Parallel.ForAsync(0, messages.Count, cancellationToken, async (i, token) => documents[i] = await ReadAsync(messages[i], token));
            await lane.RunBulkAsync((db, token) => AddAsync(db, documents, token), cancellationToken);
            count += messages.Count;
        }

        return count;
    }

    private async Task<IReadOnlyList<Unread>> NextAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await (
            from entry in db.SearchBacklog
            join message in db.Messages on entry.MessageId equals message.Id
            join source in db.Sources on message.SourceId equals source.Id
            orderby entry.Id
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

    /// <summary>What was taken back meanwhile has left the backlog, and is passed over.</summary>
    private static async Task AddAsync(EnneoDbContext db, IReadOnlyList<SearchDocument> documents, CancellationToken cancellationToken)
    {
        var ids = documents.Select(document => document.MessageId).ToList();
        var wanted = await db.SearchBacklog.Where(e => ids.Contains(e.MessageId)).Select(e => e.MessageId).ToListAsync(cancellationToken);
        using SearchWriter writer = new(db);
        foreach (var document in documents.Where(document => wanted.Contains(document.MessageId)))
        {
            writer.Add(document);
        }

        await db.SearchBacklog.Where(e => wanted.Contains(e.MessageId)).ExecuteDeleteAsync(cancellationToken);
    }

    private sealed record Unread(Message Message, StoredSource Source);
}
