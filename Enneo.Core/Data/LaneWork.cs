namespace Enneo.Core.Data;

/// <summary>What waits in the writer lane for its turn.</summary>
internal abstract class LaneWork
{
    public abstract Task RunAsync(EnneoDbContext db);

    public abstract void Succeed();

    public abstract void Fail(Exception exception);
}

/// <summary>Keeps the lane free of transactions while it is held.</summary>
internal sealed class LanePause : LaneWork, IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task;

    public Task HoldAsync()
    {
        _reached.TrySetResult();
        return _released.Task;
    }

    public void Dispose() => _released.TrySetResult();

    public override Task RunAsync(EnneoDbContext db) => throw new InvalidOperationException("A pause is held, not run.");

    public override void Succeed() => Dispose();

    public override void Fail(Exception exception) => _reached.TrySetException(exception);
}

/// <summary>A work of a caller, who waits for its result.</summary>
internal sealed class LaneWork<T>(Func<EnneoDbContext, CancellationToken, Task<T>> work, LaneAround? around, CancellationToken cancellationToken) : LaneWork
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Completion => _completion.Task;

    public override async Task RunAsync(EnneoDbContext db)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (around is null)
        {
            _result = await work(db, cancellationToken);
            return;
        }

        await around(db, async () => _result = await work(db, cancellationToken), cancellationToken);
    }

    public override void Succeed() => _completion.TrySetResult(_result!);

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
        else
        {
            _completion.TrySetException(exception);
        }
    }
}
