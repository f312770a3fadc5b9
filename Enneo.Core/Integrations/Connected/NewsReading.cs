using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Reads what other systems said that happened, as soon as they say it or as it is due again; one that is slow or dead delays no other.</summary>
internal sealed partial class NewsReading(TheirNews news, TicketNotices notices, TimeProvider clock, ILogger<NewsReading> logger) : BackgroundService
{
    /// <summary>After a failure of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    /// <summary>What is being read, by integration.</summary>
    private readonly Dictionary<long, Task> _readings = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await WaitAsync(await BeginDueAsync(stoppingToken), stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_readings.Values).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <returns>When to look again; null for not before there is news, or a reading has ended.</returns>
    private async Task<DateTimeOffset?> BeginDueAsync(CancellationToken stoppingToken)
    {
        foreach (var (integrationId, reading) in _readings.Where(reading => reading.Value.IsCompleted).ToList())
        {
            _readings.Remove(integrationId);
            await reading;
        }

        try
        {
            var now = clock.GetUtcNow();
            var idle = (await news.DueAsync(stoppingToken)).Where(due => !_readings.ContainsKey(due.Key)).ToList();
            foreach (var (integrationId, _) in idle.Where(due => due.Value <= now))
            {
                _readings[integrationId] = Task.Run(() => ReadAsync(integrationId, stoppingToken), stoppingToken);
            }

            return idle.Where(due => due.Value > now).Select(due => (DateTimeOffset?)due.Value).Min();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogLater(exception);
            return clock.GetUtcNow() + s_pause;
        }
    }

    private async Task ReadAsync(long integrationId, CancellationToken stoppingToken)
    {
        try
        {
            await news.RunDueAsync(integrationId, stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
        {
            LogLater(exception);
            await Task.Delay(s_pause, clock, stoppingToken);
        }
    }

    private async Task WaitAsync(DateTimeOffset? next, CancellationToken stoppingToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var woken = notices.Woken.ReadAsync(waiting.Token).AsTask();
        var due = next is { } at && at - clock.GetUtcNow() is var left ? Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock, waiting.Token) : Task.Delay(Timeout.InfiniteTimeSpan, clock, waiting.Token);
        await Task.WhenAny([woken, due, .. _readings.Values]);
        await waiting.CancelAsync();
        await Task.WhenAll(woken, due).ContinueWith(_ => { }, TaskScheduler.Default);
        stoppingToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(LogLevel.Warning, "News of other systems could not be read; trying again")]
    private partial void LogLater(Exception exception);
}
