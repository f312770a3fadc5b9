using Enneo.Core.Activity;
using Enneo.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Analysis;

/// <summary>Wakes the job when a mail waits for the model, and when one is due again.</summary>
internal sealed class AnalysisScheduler(MailAnalysing analysing, ISchedulerFactory schedulers, SteadyWork steady, LiveFeed feed, TimeProvider clock) : BackgroundService
{
    /// <summary>After a job that failed for a reason of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly FeedQueue _queue = new();

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry.Kind is ActivityKind.AnalysisRequested);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
    }

    /// <summary>Sets the next run after one has ended.</summary>
    public Task ContinueAsync(bool completed, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? Task.CompletedTask : ScheduleAsync(afterFailure: !completed, cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await steady.RunAsync(ScheduleAsync, stoppingToken);
        await foreach (var _ in _queue.ReadAllAsync(stoppingToken))
        {
            await steady.RunAsync(ScheduleAsync, stoppingToken);
        }
    }

    private Task ScheduleAsync(CancellationToken cancellationToken) => ScheduleAsync(afterFailure: false, cancellationToken);

    private async Task ScheduleAsync(bool afterFailure, CancellationToken cancellationToken)
    {
        if (await analysing.NextDueAsync(cancellationToken) is { } next)
        {
            var earliest = clock.GetUtcNow() + (afterFailure ? s_pause : TimeSpan.Zero);
            await schedulers.SetJobAsync<AnalysisJob>(AnalysisJob.Key, next > earliest ? next : earliest, cancellationToken);
        }
    }
}
