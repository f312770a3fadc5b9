namespace Enneo.Web.Inbox;

/// <summary>What was done last, said for ten seconds, and the way back. One per circuit.</summary>
public sealed class Toast(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan s_shown = TimeSpan.FromSeconds(10);

    private ITimer? _timer;
    private Func<Task>? _undo;

    /// <summary>Raised on any thread.</summary>
    public event Action? Changed;

    /// <summary>Null when there is nothing to say.</summary>
    public string? Words { get; private set; }

    public bool CanUndo => _undo is not null;

    /// <param name="undo">Null when there is no way back, or nothing was changed.</param>
    public void Say(string words, Func<Task>? undo = null)
    {
        (Words, _undo) = (words, undo);
        _timer?.Dispose();
        _timer = clock.CreateTimer(_ => Leave(), null, s_shown, Timeout.InfiniteTimeSpan);
        Changed?.Invoke();
    }

    /// <summary>Says something besides what is said: what can be taken back still can.</summary>
    public void Add(string words) => Say(Words is null ? words : $"{Words}. {words}", _undo);

    /// <summary>How far something long is: it stays until the next word.</summary>
    public void Progress(string words)
    {
        (Words, _undo) = (words, null);
        _timer?.Dispose();
        Changed?.Invoke();
    }

    /// <summary>Once: a second press finds nothing to take back.</summary>
    public async Task UndoAsync()
    {
        if (Interlocked.Exchange(ref _undo, null) is { } undo)
        {
            await undo();
        }
    }

    public void Leave()
    {
        (Words, _undo) = (null, null);
        Changed?.Invoke();
    }

    public void Dispose() => _timer?.Dispose();
}
