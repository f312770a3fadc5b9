using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Reads what other systems said that happened, as soon as they say it or as it is due again.</summary>
internal sealed partial class NewsReading(TheirNews news, TicketNotices notices, TimeProvider clock, ILogger<NewsReading> logger) : BackgroundService
{
    /// <summary>After a failure of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            DateTimeOffset? next;
            try
            {
                next = await news.RunDueAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is SqliteException or DbUpdateException or IOException)
            {
                LogLater(exception);
                next = clock.GetUtcNow() + s_pause;
            }

            await WaitAsync(next, stoppingToken);
        }
    }

    private async Task WaitAsync(DateTimeOffset? next, CancellationToken stoppingToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var woken = notices.Woken.ReadAsync(waiting.Token).AsTask();
        var due = next is { } at && at - clock.GetUtcNow() is var left ? Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, waiting.Token) : Task.Delay(Timeout.InfiniteTimeSpan, clock, waiting.Token);
        await Task.WhenAny(woken, due);
        await waiting.CancelAsync();
        await Task.WhenAll(woken, due).ContinueWith(_ => { }, TaskScheduler.Default);
        stoppingToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Warning, "News of other systems could not be read; trying again")]
    private partial void LogLater(Exception exception);
}
