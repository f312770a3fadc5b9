using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Search.Language;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Search;

/// <summary>
/// Asks the first searches itself when the program starts, a tenth of a second each: nobody shall wait for what is
/// compiled, planned and opened once.
/// </summary>
public sealed partial class SearchWarmup(IDbContextFactory<EnneoDbContext> dbFactory, SearchQueries queries, TimeProvider clock, ILogger<SearchWarmup> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (SqliteException exception)
        {
            LogCold(exception);
        }
    }

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var newest = await db.Messages.OrderByDescending(m => m.Id).Select(m => new { m.MailboxId, m.Subject }).FirstOrDefaultAsync(cancellationToken);
        if (newest is null)
        {
            return;
        }

        var word = newest.Subject.Split(' ').MaxBy(part => part.Length)!;
        foreach (var reach in new[] { Reach.All, Reach.Of(newest.MailboxId) })
        {
            foreach (var order in Enum.GetValues<SearchOrder>())
            {
                foreach (var typed in new[] { $"{word} ", word })
                {
                    await queries.FindAsync(reach, new(QueryReader.Read(typed, clock.GetUtcNow(), TimeZoneInfo.Utc), Order: order), cancellationToken);
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The first search will take longer")]
    private partial void LogCold(Exception exception);
}
