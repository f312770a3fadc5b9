using System.Collections.Concurrent;

namespace Enneo.Core.Activity;

/// <summary>
/// Hands committed activity to whoever is watching: open screens and jobs that wait to be woken.
/// Only <see cref="LiveFeedReader"/> publishes, and only what it read from the log.
/// </summary>
public sealed class LiveFeed
{
    private readonly ConcurrentDictionary<Subscription, Action<IReadOnlyList<ActivityEntry>>> _handlers = new();

    /// <param name="onActivity">Called with entries in commit order, on the reader's thread: must not block or throw.</param>
    public IDisposable Subscribe(Action<IReadOnlyList<ActivityEntry>> onActivity)
    {
        Subscription subscription = new(_handlers);
        _handlers[subscription] = onActivity;
        return subscription;
    }

    internal void Publish(IReadOnlyList<ActivityEntry> entries)
    {
        foreach (var handler in _handlers.Values)
        {
            handler(entries);
        }
    }

    private sealed class Subscription(ConcurrentDictionary<Subscription, Action<IReadOnlyList<ActivityEntry>>> owner) : IDisposable
    {
        public void Dispose() => owner.TryRemove(this, out _);
    }
}
