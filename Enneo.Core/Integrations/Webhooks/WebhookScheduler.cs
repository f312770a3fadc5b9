using System.Threading.Channels;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Enneo.Core.Integrations.Webhooks;

/// <summary>Follows the log: makes deliveries of what happened, and wakes the jobs of those webhooks that have some.</summary>
internal sealed partial class WebhookScheduler(
    IDbContextFactory<EnneoDbContext> dbFactory, WebhookFanOut fanOut, WebhookQueue queue, ISchedulerFactory schedulers, LiveFeed feed, TimeProvider clock, ILogger<WebhookScheduler> logger) : BackgroundService
{
    /// <summary>After a job that failed for a reason of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private static readonly HashSet<ActivityKind> s_concerned =
        [.. WebhookEvents.Kinds, ActivityKind.WebhookAdded, ActivityKind.WebhookChanged, ActivityKind.WebhookReplayed, ActivityKind.IntegrationAdded, ActivityKind.IntegrationChanged];

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim _scheduling = new(1, 1);
    private IDisposable? _subscription;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = feed.Subscribe(entries =>
        {
            if (entries.Any(entry => s_concerned.Contains(entry.Kind)))
            {
                _news.Writer.TryWrite(true);
            }
        });
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription?.Dispose();
        base.Dispose();
        _scheduling.Dispose();
    }

    /// <summary>Sets the next run after one has ended.</summary>
    public async Task ContinueAsync(long webhookId, bool completed, CancellationToken cancellationToken)
    {
        try
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                await ScheduleAsync(webhookId, afterFailure: !completed, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogLater(exception);
            _news.Writer.TryWrite(true); // which sets the runs of all
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _news.Writer.TryWrite(true); // what happened while nobody looked
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await fanOut.RunAsync(stoppingToken);
                await ScheduleAllAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !stoppingToken.IsCancellationRequested) // whatever it is, the host goes on
            {
                LogLater(exception);
                await Task.Delay(s_pause, clock, stoppingToken);
                _news.Writer.TryWrite(true);
            }
        }
    }

    private async Task ScheduleAllAsync(CancellationToken cancellationToken)
    {
        List<long> active;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            active = await db.Set<Webhook>().Where(w => w.IsActive).Select(w => w.Id).ToListAsync(cancellationToken);
        }

        foreach (var webhookId in active)
        {
            await ScheduleAsync(webhookId, afterFailure: false, cancellationToken);
        }
    }

    /// <summary>One at a time, so that what was read last is what is set.</summary>
    private async Task ScheduleAsync(long webhookId, bool afterFailure, CancellationToken cancellationToken)
    {
        await _scheduling.WaitAsync(cancellationToken);
        try
        {
            if (await queue.NextDueAsync(webhookId, cancellationToken) is { } next)
            {
                var earliest = clock.GetUtcNow() + (afterFailure ? s_pause : TimeSpan.Zero);
                await schedulers.SetJobAsync<WebhookJob>(WebhookJob.KeyOf(webhookId), job => job.WebhookId, webhookId, next > earliest ? next : earliest, cancellationToken);
            }
        }
        finally
        {
            _scheduling.Release();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Webhooks could not be brought up to date; trying again")]
    private partial void LogLater(Exception exception);
}
