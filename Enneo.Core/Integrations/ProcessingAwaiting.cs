using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Waits until a mail is analysed, for programs that want to read what was found.</summary>
public sealed class ProcessingAwaiting(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    /// <summary>Longer than that nobody is kept waiting.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(30);

    /// <returns>Whether nothing of it is left to do.</returns>
    public async Task<bool> RunAsync(long messageId, CancellationToken cancellationToken)
    {
        var end = clock.GetUtcNow() + Longest;
        while (await IsWaitingAsync(messageId, cancellationToken))
        {
            if (clock.GetUtcNow() >= end)
            {
                return false;
            }

            await Task.Delay(s_look, clock, cancellationToken);
        }

        return true;
    }

    private async Task<bool> IsWaitingAsync(long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.ProcessingRuns.AnyAsync(r => r.MessageId == messageId && r.FinishedAt == null, cancellationToken);
    }
}
