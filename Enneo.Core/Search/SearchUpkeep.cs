using System.Threading.Channels;
using Enneo.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Search;

/// <summary>
/// Reads into the index what a bulk of mail left to be read, and folds the many small pieces that it
/// leaves there into few, a little at a time behind everything else; and at the start makes the index
/// anew if that is due.
/// </summary>
public sealed partial class SearchUpkeep(WriterLane lane, SearchBacklog backlog, SearchRebuild rebuild, ILogger<SearchUpkeep> logger) : BackgroundService
{
    /// <summary>In pages of 4 KB: a step of some 20 ms.</summary>
    private const int PagesPerStep = 300;

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Says that much has been written.</summary>
    public void Request() => _wanted.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await rebuild.ContinueAsync(stoppingToken))
        {
            Request();
        }

        await foreach (var _ in _wanted.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await backlog.WorkOffAsync(stoppingToken);
                await MergeAsync(stoppingToken);
            }
            catch (SqliteException exception)
            {
                LogNotDone(exception); // mail does not depend on it, and the next request takes it up again
            }
        }
    }

    internal async Task MergeAsync(CancellationToken cancellationToken)
    {
        bool isDone;
        do
        {
            isDone = await lane.RunBulkAsync((db, _) => Task.FromResult(MergeStep(db)), cancellationToken);
        }
        while (!isDone);
    }

    /// <returns>Whether there was nothing to do: less than two rows have changed (https://sqlite.org/fts5.html#the_merge_command).</returns>
    private static bool MergeStep(EnneoDbContext db)
    {
        using SqlStatement changes = new(db, "SELECT total_changes()");
        using SqlStatement merge = new(db, "INSERT INTO search (search, rank) VALUES ('merge', @0)");
        var before = changes.Scalar();
        merge.Execute(PagesPerStep);
        return changes.Scalar() - before < 2;
    }

    [LoggerMessage(LogLevel.Warning, "The search index could not be brought up to date")]
    private partial void LogNotDone(Exception exception);
}
