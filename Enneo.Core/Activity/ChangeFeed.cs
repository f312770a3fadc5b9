using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Activity;

/// <summary>Some of what happened, in commit order.</summary>
/// <param name="Cursor">From where to read on; the same again where nothing came.</param>
/// <param name="HasMore">There is more already.</param>
public sealed record ChangePage(IReadOnlyList<ActivityEntry> Entries, long Cursor, bool HasMore)
{
    /// <summary>From where it can be read, where the cursor that was asked for is older than what is kept, or newer than the log; else null.</summary>
    public long? Oldest { get; init; }
}

/// <summary>
/// The log as other systems follow it. There is one writer, so that sequences ascend in commit order: who reads on from
/// the last one misses nothing and reads nothing twice.
/// </summary>
public sealed class ChangeFeed(IDbContextFactory<EnneoDbContext> dbFactory, LiveFeed feed, TimeProvider clock)
{
    public const int MaxLimit = 1000;

    /// <summary>The longest that <see cref="WaitAsync"/> waits.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>So many are looked through at once where few are within reach.</summary>
    private const int MostLookedAt = 5000;

    /// <param name="since">The sequence that was read last; null for now: nothing but the cursor.</param>
    public async Task<ChangePage> ReadAsync(Reach reach, long? since, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var last = await db.Activity.MaxAsync(e => (long?)e.Sequence, cancellationToken) ?? 0;
        var after = since ?? last;
        var count = Math.Clamp(limit, 1, MaxLimit);
        var end = Math.Max(after, Math.Min(last, after + MostLookedAt));
        var entries = await Of(db, reach).Where(e => e.Sequence > after && e.Sequence <= end).OrderBy(e => e.Sequence).Take(count).ToListAsync(cancellationToken);
        var oldest = await OldestAsync(db, cancellationToken); // read last: what was removed while we read is noticed
        if (after < oldest)
        {
            return new ChangePage([], oldest, HasMore: false) { Oldest = since is null ? null : oldest };
        }

        if (after > Math.Max(last, oldest))
        {
            return new ChangePage([], last, HasMore: false) { Oldest = Math.Max(last, oldest) }; // a backup was restored: other things happened after that place
        }

        var cursor = entries.Count == count ? entries[^1].Sequence : end;
        return new ChangePage(reach.IsAll ? entries : entries.ConvertAll(Within), cursor, cursor < last);
    }

    /// <summary>The same, but where there is nothing it waits for something.</summary>
    /// <param name="reach">Asked each time before it is read: who loses access while it waits is told nothing more.</param>
    /// <param name="wait">At most <see cref="LongestWait"/>.</param>
    /// <param name="stopping">Ends the waiting without an error.</param>
    public async Task<ChangePage> WaitAsync(Func<CancellationToken, Task<Reach>> reach, long? since, int limit, TimeSpan wait, CancellationToken stopping, CancellationToken cancellationToken)
    {
        using SemaphoreSlim news = new(0, 1);
        using var subscription = feed.Subscribe(_ => Wake(news));
        using CancellationTokenSource limited = new(wait < LongestWait ? wait : LongestWait, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limited.Token, stopping, cancellationToken);
        while (true)
        {
            var page = await ReadAsync(await reach(cancellationToken), since, limit, cancellationToken);
            if (page.Entries.Count > 0 || page.Oldest is not null || since is null)
            {
                return page;
            }

            since = page.Cursor;
            if (either.IsCancellationRequested)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return page; // much to look through, and nothing of it within reach yet
            }

            try
            {
                if (!page.HasMore)
                {
                    await news.WaitAsync(either.Token);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return page;
            }
        }
    }

    /// <returns>The sequence after which nothing was removed.</returns>
    internal static async Task<long> OldestAsync(EnneoDbContext db, CancellationToken cancellationToken) =>
        await db.Settings.Where(s => s.Name == ActivityRetention.Setting).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken) is { } kept
            ? long.Parse(kept, CultureInfo.InvariantCulture)
            : 0;

    /// <summary>What is of a mailbox within reach, and which tags there are; what only admins read in the audit log is not told.</summary>
    private static IQueryable<ActivityEntry> Of(EnneoDbContext db, Reach reach)
    {
        var entries = db.Activity.AsNoTracking().Where(e =>
            (!e.IsAudited && e.MailboxId != null) || e.Kind == ActivityKind.TagAdded || e.Kind == ActivityKind.TagChanged || e.Kind == ActivityKind.TagRemoved);
        return reach.MailboxIds is { } ids ? entries.Where(e => e.MailboxId == null || ids.Contains(e.MailboxId.Value)) : entries;
    }

    /// <summary>A tag may be of other mailboxes too, or alone, and its conditions tell of their mail: to whom not all is open is told that tags have changed.</summary>
    private static ActivityEntry Within(ActivityEntry entry) => entry.Kind is ActivityKind.TagAdded or ActivityKind.TagChanged or ActivityKind.TagRemoved
        ? new() { Sequence = entry.Sequence, At = entry.At, Kind = entry.Kind, ActorKind = entry.ActorKind, ActorUserId = entry.ActorUserId, ApiKeyId = entry.ApiKeyId, Origin = entry.Origin }
        : entry;

    private static void Wake(SemaphoreSlim news)
    {
        try
        {
            news.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
        catch (ObjectDisposedException)
        {
            // It has been answered meanwhile.
        }
    }
}
