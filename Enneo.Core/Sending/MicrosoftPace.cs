using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Microsoft takes 30 messages a minute from one mailbox. What was sent says how many that were, whoever sent it and since whichever start.</summary>
internal sealed class MicrosoftPace(IDbContextFactory<EnneoDbContext> dbFactory, TimeProvider clock)
{
    private const int Most = 30;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Waits until the mailbox may send one more.</summary>
    /// <returns>False when it may at once.</returns>
    public async Task<bool> HoldsUpAsync(long mailboxId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await FullSinceAsync(mailboxId, now, cancellationToken) is not { } oldest)
        {
            return false;
        }

        await Task.Delay(oldest + s_minute - now, clock, cancellationToken);
        return true;
    }

    /// <returns>When the first of as many as there may be was sent; null when there are fewer.</returns>
    private async Task<DateTimeOffset?> FullSinceAsync(long mailboxId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var since = now - s_minute; // and not later than now: the clock may have been put back
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Outbox.Where(o => o.MailboxId == mailboxId && o.SentAt > since && o.SentAt <= now).OrderByDescending(o => o.SentAt).Skip(Most - 1).Select(o => o.SentAt).FirstOrDefaultAsync(cancellationToken);
    }
}
