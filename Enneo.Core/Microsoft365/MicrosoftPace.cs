using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>
/// Microsoft takes 30 messages a minute from one mailbox, and none for as long as it says. What is handed over is on disk
/// before it is, so that it counts whoever does it, however it ends, and since whichever start.
/// </summary>
public sealed class MicrosoftPace(WriterLane lane, TimeProvider clock)
{
    private const int Most = 30;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Takes a place for one message, right before it is handed over.</summary>
    /// <returns>Null when it may go; else how long to wait before asking again.</returns>
    internal Task<TimeSpan?> TryTakeAsync(long mailboxId, CancellationToken cancellationToken) => lane.RunAsync<TimeSpan?>(
        async (db, token) =>
        {
            var now = clock.GetUtcNow();
            await ForgetAsync(db, now, token);
            var own = db.MicrosoftPlaces.Where(p => p.MailboxId == mailboxId);
            var free = await own.Where(p => p.IsPause).MaxAsync(p => (DateTimeOffset?)p.Until, token)
                ?? await own.Where(p => !p.IsPause).OrderByDescending(p => p.Until).Skip(Most - 1).Select(p => (DateTimeOffset?)p.Until).FirstOrDefaultAsync(token);
            if (free is { } at)
            {
                return at - now;
            }

            db.MicrosoftPlaces.Add(new MicrosoftPlace { MailboxId = mailboxId, Until = now + s_minute });
            await db.SaveChangesAsync(token);
            return null;
        },
        cancellationToken);

    /// <summary>The same for somebody who waits for it.</summary>
    /// <returns>False where Microsoft wants nothing for longer than a minute.</returns>
    public async Task<bool> TakeAsync(long mailboxId, CancellationToken cancellationToken)
    {
        while (await TryTakeAsync(mailboxId, cancellationToken) is { } wait)
        {
            if (IsLong(wait))
            {
                return false;
            }

            await Task.Delay(wait, clock, cancellationToken);
        }

        return true;
    }

    /// <summary>Microsoft said that it wants nothing of the mailbox for so long, which holds for what is written only then, too.</summary>
    internal Task PauseAsync(long mailboxId, TimeSpan pause, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            db.MicrosoftPlaces.Add(new MicrosoftPlace { MailboxId = mailboxId, Until = clock.GetUtcNow() + pause, IsPause = true });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>Nobody stands by for it.</summary>
    internal static bool IsLong(TimeSpan wait) => wait > s_minute;

    /// <summary>What is over, and what is further ahead than it can be: the clock was put back.</summary>
    private static Task ForgetAsync(EnneoDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (minute, longest) = (now + s_minute, now + GraphSending.LongestPause);
        return db.MicrosoftPlaces.Where(p => p.Until <= now || p.Until > longest || (!p.IsPause && p.Until > minute)).ExecuteDeleteAsync(cancellationToken);
    }
}
