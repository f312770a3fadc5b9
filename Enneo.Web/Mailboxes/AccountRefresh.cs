using Enneo.Core.Activity;

namespace Enneo.Web.Mailboxes;

/// <summary>
/// Says when the list of mailboxes is to be read again: a quarter of a second after something
/// happened, however much of it, and now and then for the time of the last sync, which no activity tells.
/// </summary>
internal sealed class AccountRefresh : IDisposable
{
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_nowAndThen = TimeSpan.FromSeconds(10);

    private readonly Func<Task> _refresh;
    private readonly ITimer _timer;
    private readonly IDisposable _subscription;
    private int _gathering;

    /// <param name="refresh">Deals with its own errors.</param>
    public AccountRefresh(LiveFeed feed, TimeProvider clock, Func<Task> refresh)
    {
        _refresh = refresh;
        _timer = clock.CreateTimer(_ => _ = RunAsync(), null, s_nowAndThen, Timeout.InfiniteTimeSpan);
        _subscription = feed.Subscribe(OnActivity);
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _timer.Dispose();
    }

    private void OnActivity(IReadOnlyList<ActivityEntry> entries)
    {
        if (entries.Any(entry => entry.MailboxId is not null) && Interlocked.Exchange(ref _gathering, 1) == 0)
        {
            _timer.Change(s_gathering, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task RunAsync()
    {
        Volatile.Write(ref _gathering, 0);
        await _refresh();
        if (Volatile.Read(ref _gathering) == 0)
        {
            _timer.Change(s_nowAndThen, Timeout.InfiniteTimeSpan);
        }
    }
}
