using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Jobs;

/// <summary>
/// For what follows the activity log as long as the program runs: where the database takes nothing, as on a full disk, it
/// waits and does the same again. Thrown on, the fault would end the program, with all that can still be read.
/// </summary>
public sealed partial class SteadyWork(TimeProvider clock, ILogger<SteadyWork> logger)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(1);

    /// <summary>Completes when <paramref name="work"/> has; it may be done several times, whole or in part.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        for (var pause = s_firstPause; !await TryAsync(work, pause, cancellationToken); pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> work, TimeSpan pause, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is SqliteException or DbUpdateException or IOException)
        {
            LogPutOff(exception, work.Method.DeclaringType?.FullName, pause);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Work of {Type} was stopped by the database or the disk; it goes on in {Pause}")]
    private partial void LogPutOff(Exception exception, string? type, TimeSpan pause);
}
