using Enneo.Core.Activity;
using Enneo.Core.Jobs;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace Enneo.Core.Processing;

/// <summary>Wakes the job when mail has come in, when a person asked for processing, and when a step that failed is due again.</summary>
internal sealed class ProcessingScheduler(MailProcessing processing, ISchedulerFactory schedulers, SteadyWork steady, LiveFeed feed, TimeProvider clock) : BackgroundService
{
    /// <summary>After a job that failed for a reason of ours, such as a full disk.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    private readonly FeedQueue _queue = new();
    private readonly SemaphoreSlim _scheduling = new(1, 1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _queue.Subscribe(feed, entry => entry.Kind is ActivityKind.MessageReceived or ActivityKind.TicketSpamChanged or ActivityKind.ProcessingRequested);
        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        _queue.Dispose();
        _scheduling.Dispose();
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

    /// <summary>One at a time, so that what was read last is what is set.</summary>
    private async Task ScheduleAsync(bool afterFailure, CancellationToken cancellationToken)
    {
        await _scheduling.WaitAsync(cancellationToken);
        try
        {
            if (await processing.NextDueAsync(cancellationToken) is { } next)
            {
                var earliest = clock.GetUtcNow() + (afterFailure ? s_pause : TimeSpan.Zero);
                await schedulers.SetJobAsync<ProcessingJob>(ProcessingJob.Key, next > earliest ? next : earliest, cancellationToken);
            }
        }
        finally
        {
            _scheduling.Release();
        }
    }
}
