using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Activity;

/// <summary>
/// Removes what nobody reads after a while: that a mail was read, that a draft was begun. What a ticket's history or the
/// audit log tells stays as long as the installation. What was removed is noted, so that no reader of the feed
/// takes a gap for silence.
/// </summary>
public sealed class ActivityRetention(WriterLane lane, IOptions<ActivityOptions> options, TimeProvider clock) : IRegularWork
{
    /// <summary>Holds the sequence up to which something was removed.</summary>
    internal const string Setting = "activity.removed";

    private const int Batch = 2000;

    /// <summary>What is news when it happens, and nothing later.</summary>
    internal static readonly ActivityKind[] Passing =
    [
        ActivityKind.MailboxStateChanged, ActivityKind.MailboxSyncRequested, ActivityKind.MessageSeenChanged, ActivityKind.MessageFlaggedChanged,
        ActivityKind.MessageParseRetried, ActivityKind.AnalysisRequested, ActivityKind.TicketAnalysed, ActivityKind.ProcessingRequested,
        ActivityKind.DraftSaved, ActivityKind.DraftDiscarded,
    ];

    /// <returns>How many entries were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        var before = clock.GetUtcNow() - options.Value.KeepFor;
        while (await lane.RunBulkAsync((db, token) => RemoveAsync(db, before, token), cancellationToken) is > 0 and var count)
        {
            removed += count;
        }

        return removed;
    }

    Task IRegularWork.RunAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private static async Task<int> RemoveAsync(EnneoDbContext db, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var old = await db.Activity.Where(e => e.At < before && Passing.Contains(e.Kind)).OrderBy(e => e.Sequence).Select(e => e.Sequence).Take(Batch).ToListAsync(cancellationToken);
        if (old.Count == 0)
        {
            return 0;
        }

        await db.Activity.Where(e => old.Contains(e.Sequence)).ExecuteDeleteAsync(cancellationToken);
        var upTo = Math.Max(old[^1], await ChangeFeed.OldestAsync(db, cancellationToken)).ToString(CultureInfo.InvariantCulture);
        if (await db.Settings.SingleOrDefaultAsync(s => s.Name == Setting, cancellationToken) is { } row)
        {
            row.Value = upTo;
        }
        else
        {
            db.Settings.Add(new Setting { Name = Setting, Value = upTo });
        }

        await db.SaveChangesAsync(cancellationToken);
        return old.Count;
    }
}
