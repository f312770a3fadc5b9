using System.Collections.Concurrent;
using Enneo.Core.Jobs;
using Quartz;

namespace Enneo.Core.Sync;

/// <summary>
/// Asks a mailbox's job to run now. A request during a run sets a mark that the run sees at its
/// end, so that a hundred arrivals are one more run and not a hundred.
/// </summary>
public sealed class SyncRequests(ISchedulerFactory schedulers)
{
    private readonly ConcurrentDictionary<long, State> _states = new();

    public async Task WakeAsync(long mailboxId, CancellationToken cancellationToken)
    {
        if (Of(mailboxId).Request())
        {
            await schedulers.UnlessStoppingAsync(scheduler => TriggerAsync(scheduler, mailboxId, cancellationToken), cancellationToken);
        }
    }

    private async Task TriggerAsync(IScheduler scheduler, long mailboxId, CancellationToken cancellationToken)
    {
        if (await scheduler.Exists(MailboxSyncJob.KeyFor(mailboxId), cancellationToken))
        {
            await scheduler.TriggerJob(MailboxSyncJob.KeyFor(mailboxId), cancellationToken);
        }
        else
        {
            Of(mailboxId).Forget();
        }
    }

    internal State Of(long mailboxId) => _states.GetOrAdd(mailboxId, _ => new State());

    /// <summary>Whether a mailbox's job runs, whether it is asked for again, and how often it failed in a row.</summary>
    internal sealed class State
    {
        private readonly Lock _lock = new();
        private bool _running;
        private bool _requested;
        private Action? _stop;
        private TaskCompletionSource? _ended;

        public int Failures { get; private set; }

        /// <returns>Whether somebody must trigger the job: it is neither running nor triggered yet.</returns>
        public bool Request()
        {
            lock (_lock)
            {
                var trigger = !_running && !_requested;
                _requested = true;
                return trigger;
            }
        }

        /// <param name="stop">Ends the run that begins.</param>
        public void Begin(Action stop)
        {
            lock (_lock)
            {
                (_running, _requested, _stop) = (true, false, stop);
                _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        /// <summary>Ends the run under way, if one is, and waits for that.</summary>
        public Task StopAsync()
        {
            lock (_lock)
            {
                _stop?.Invoke();
                return _ended?.Task ?? Task.CompletedTask;
            }
        }

        /// <returns>Whether it was asked for meanwhile; if not, the run is over.</returns>
        public bool BeginAgain()
        {
            lock (_lock)
            {
                (_running, _requested, var again) = (_requested, false, _requested);
                return again;
            }
        }

        public void Forget()
        {
            lock (_lock)
            {
                (_running, _requested) = (false, false);
                _ended?.TrySetResult();
                (_stop, _ended) = (null, null);
            }
        }

        public void Succeeded() => Failures = 0;

        public void Failed() => Failures++;
    }
}
