using Enneo.Core.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Activity;

/// <summary>
/// Follows the activity log. A commit in this process wakes it at once; one of another process (a
/// command) is noticed within a second by SQLite's data version.
/// </summary>
public sealed partial class LiveFeedReader(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    LiveFeed feed,
    TimeProvider clock,
    ILogger<LiveFeedReader> logger) : BackgroundService
{
    private const int BatchSize = 500;
    private static readonly TimeSpan s_otherProcesses = TimeSpan.FromSeconds(1);

    private readonly Func<EnneoDbContext, long, IAsyncEnumerable<ActivityEntry>> _since = EF.CompileAsyncQuery(
        (EnneoDbContext db, long last) => db.Activity.AsNoTracking().Where(e => e.Sequence > last).OrderBy(e => e.Sequence).Take(BatchSize));

    private readonly SemaphoreSlim _committed = new(0, 1);
    private long _last;

    public override void Dispose()
    {
        base.Dispose();
        _committed.Dispose();
    }

    /// <summary>Once it has started, it misses nothing: whoever subscribes and then reads is told of all that comes after.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        lane.Committed += Wake;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            _last = await db.Activity.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        lane.Committed -= Wake;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _last = await PublishSinceAsync(db, _last, stoppingToken);
            }
            catch (SqliteException exception)
            {
                LogUnreadable(exception); // busy or out of space: nothing is lost, the log is read again
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task<long> PublishSinceAsync(EnneoDbContext db, long last, CancellationToken cancellationToken)
    {
        while (true)
        {
            var entries = await _since(db, last).ToListAsync(cancellationToken);
            if (entries.Count > 0)
            {
                feed.Publish(entries);
                last = entries[^1].Sequence;
            }

            if (entries.Count < BatchSize)
            {
                return last; // whoever commits meanwhile wakes us again
            }
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(s_otherProcesses, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            await _committed.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to look for commits of other processes, or to stop.
        }
    }

    private void Wake()
    {
        try
        {
            _committed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The activity log could not be read; trying again")]
    private partial void LogUnreadable(Exception exception);
}
