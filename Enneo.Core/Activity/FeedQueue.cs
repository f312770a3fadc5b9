using System.Threading.Channels;

namespace Enneo.Core.Activity;

/// <summary>A job's ear at the live feed: takes what concerns it, to be worked off one by one on the job's own thread.</summary>
public sealed class FeedQueue : IDisposable
{
    private readonly Channel<ActivityEntry> _entries = Channel.CreateUnbounded<ActivityEntry>(new() { SingleReader = true });
    private IDisposable? _subscription;

    public void Subscribe(LiveFeed feed, Func<ActivityEntry, bool> concerns) => _subscription = feed.Subscribe(entries =>
    {
        foreach (var entry in entries.Where(concerns))
        {
            _entries.Writer.TryWrite(entry);
        }
    });

    public IAsyncEnumerable<ActivityEntry> ReadAllAsync(CancellationToken cancellationToken) => _entries.Reader.ReadAllAsync(cancellationToken);

    public void Dispose()
    {
        _subscription?.Dispose();
        _entries.Writer.TryComplete();
    }
}
