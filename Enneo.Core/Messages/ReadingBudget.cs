namespace Enneo.Core.Messages;

/// <summary>
/// Runs a parser that cannot be stopped: what is small runs at once, what is large on a thread of its
/// own that is left behind when its time is up. The limits keep such a thread's remaining work small.
/// </summary>
internal static class ReadingBudget
{
    /// <summary>Below this even the worst mail costs milliseconds.</summary>
    private const int HarmlessSize = 256 * 1024;

    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(10);

    /// <exception cref="TimeoutException">It took more than 10 s.</exception>
    public static async ValueTask<T> RunAsync<T>(int size, Func<T> read, TimeProvider clock, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return size <= HarmlessSize
            ? read()
            : await Task.Factory.StartNew(read, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                .WaitAsync(s_budget, clock, cancellationToken);
    }
}
