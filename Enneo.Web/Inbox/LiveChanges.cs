using Enneo.Core.Activity;
using Enneo.Core.Identity;

namespace Enneo.Web.Inbox;

/// <summary>
/// Watches the feed for one screen: the first change is handed on at once, those that follow
/// together, at most ten times a second (history four times), and never while the last ones are being shown.
/// What happens out of its person's reach does not come this far.
/// </summary>
internal sealed class LiveChanges : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pauseInHistory = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Func<InboxChanges, Task> _onChanges;
    private readonly TimeProvider _clock;
    private readonly long _personId;
    private readonly IDisposable _subscription;
    private InboxChanges _gathered = new();
    private Reach _reach;
    private bool _running;

    /// <param name="onChanges">Called on a thread of its own; deals with its own errors.</param>
    public LiveChanges(LiveFeed feed, TimeProvider clock, long personId, Reach reach, Func<InboxChanges, Task> onChanges)
    {
        _onChanges = onChanges;
        _clock = clock;
        _reach = reach;
        _personId = personId;
        _subscription = feed.Subscribe(Gather);
    }

    /// <summary>What its person may see, to be set again when that has changed.</summary>
    public Reach Reach
    {
        set
        {
            lock (_gate)
            {
                _reach = value;
            }
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _closed.Cancel();
        _closed.Dispose();
    }

    private void Gather(IReadOnlyList<ActivityEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _gathered.Add(entry, _reach, _personId);
            }

            if (_running || _gathered.IsEmpty || _closed.IsCancellationRequested)
            {
                return;
            }

            _running = true;
        }

        _ = Task.Run(HandOnAsync, CancellationToken.None);
    }

    private async Task HandOnAsync()
    {
        while (TakeGathered() is { } changes)
        {
            await _onChanges(changes);
            try
            {
                await Task.Delay(changes.History ? s_pauseInHistory : s_pause, _clock, _closed.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return; // the screen has gone
            }
        }
    }

    private InboxChanges? TakeGathered()
    {
        lock (_gate)
        {
            if (_gathered.IsEmpty)
            {
                _running = false;
                return null;
            }

            var changes = _gathered;
            _gathered = new InboxChanges();
            return changes;
        }
    }
}
