using System.Collections.Concurrent;

namespace Enneo.Core.Data;

/// <summary>
/// Things of one kind that wait for the writer lane at once are done by one work of it: much of what each would cost is paid
/// once for all. Where that work fails, each is done by itself, so that what is wrong with one concerns no other.
/// </summary>
/// <param name="work">Does all it is given and returns a result for each, in order.</param>
internal sealed class LaneBatch<TItem, TResult>(WriterLane lane, Func<EnneoDbContext, IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> work)
{
    /// <summary>So that nobody else who waits for the lane does so for long.</summary>
    private const int Most = 32;

    private readonly ConcurrentQueue<Waiting> _queue = new();
    private int _isAsked;

    /// <summary>As <see cref="WriterLane.RunAsync{T}"/>.</summary>
    public Task<TResult> RunAsync(TItem item, CancellationToken cancellationToken)
    {
        if (lane.IsWithin)
        {
            return AloneAsync(item, cancellationToken); // what stands around it is about it alone
        }

        Waiting waiting = new(item, cancellationToken);
        _queue.Enqueue(waiting);
        Ask();
        return waiting.Completion.Task;
    }

    private Task<TResult> AloneAsync(TItem item, CancellationToken cancellationToken) =>
        lane.RunAsync(async (db, token) => (await work(db, [item], token))[0], cancellationToken);

    /// <summary>All whom it has taken from the queue are told how it ended, however it ended.</summary>
    private async Task TakeAsync()
    {
        List<Waiting> taken = [];
        try
        {
            var results = await lane.RunAsync(
                async (db, token) =>
                {
                    Take(taken);
                    return taken.Count == 0 ? [] : await work(db, [.. taken.Select(waiting => waiting.Item)], token);
                },
                CancellationToken.None);
            foreach (var (waiting, result) in taken.Zip(results))
            {
                waiting.Completion.TrySetResult(result);
            }
        }
        catch (Exception exception)
        {
            Take(taken); // where the lane is closed, nothing was begun
            await FailAsync(taken, exception);
        }

        if (!_queue.IsEmpty)
        {
            Ask(); // for what was too much for one work
        }
    }

    private void Ask()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            _ = TakeAsync();
        }
    }

    /// <summary>What comes from here on asks for the next work.</summary>
    private void Take(List<Waiting> taken)
    {
        Volatile.Write(ref _isAsked, 0);
        while (taken.Count < Most && _queue.TryDequeue(out var waiting))
        {
            if (waiting.CancellationToken.IsCancellationRequested)
            {
                waiting.Completion.TrySetCanceled(waiting.CancellationToken);
            }
            else
            {
                taken.Add(waiting);
            }
        }
    }

    private async Task FailAsync(List<Waiting> taken, Exception exception)
    {
        if (taken is [var only])
        {
            only.Completion.TrySetException(exception);
            return;
        }

        foreach (var waiting in taken)
        {
            try
            {
                waiting.Completion.TrySetResult(await AloneAsync(waiting.Item, waiting.CancellationToken));
            }
            catch (Exception own)
            {
                waiting.Completion.TrySetException(own);
            }
        }
    }

    private sealed record Waiting(TItem Item, CancellationToken CancellationToken)
    {
        public TaskCompletionSource<TResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
