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
        await TryAsync(async token =>
        {
            if (await rebuild.ContinueAsync(token))
            {
                Request();
            }
        }, stoppingToken);

        await foreach (var _ in _wanted.Reader.ReadAllAsync(stoppingToken))
        {
            await TryAsync(async token =>
            {
                await backlog.WorkOffAsync(token);
                await MergeAsync(token);
            }, stoppingToken);
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

    /// <summary>Mail does not depend on the index, so that neither the database nor a file that cannot be read ends the server.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            LogNotDone(exception); // the next request, or the next start, takes it up again
        }
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
