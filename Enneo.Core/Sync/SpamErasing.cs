using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>
/// Erases old spam where there is no trash for it to go to first: in mailboxes without a mail server, and in those whose
/// server has no folder for the trash. It stays in Spam for as long as it would have stayed there and in the trash
/// together, and then goes from here for good; what a server holds it keeps. What people put into the trash of a mailbox
/// without a server goes likewise.
/// </summary>
public sealed class SpamErasing(WriterLane lane, TicketRemoval removal, TimeProvider clock) : IRegularWork
{
    private const string Origin = "spam";

    /// <summary>As many at a time, so that nobody waits for it.</summary>
    private const int Batch = 25;

    /// <returns>How many messages went.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var erased = 0;
        for (int round; (round = await lane.RunBulkAsync(EraseSomeAsync, cancellationToken)) > 0;)
        {
            erased += round;
        }

        return erased;
    }

    Task IRegularWork.RunAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    private async Task<int> EraseSomeAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        if (await SpamSettings.ReadAsync(db, cancellationToken) is not { KeptDays: { } days })
        {
            return 0;
        }

        var (now, kept) = (clock.GetUtcNow(), TimeSpan.FromDays(days) + SpamRetention.InTrash);
        var old = SpamRetention.Old(db, now - kept)
            .Where(t => db.Mailboxes.Any(b => b.Id == t.MailboxId && !b.IsShadow) && !SpamRetention.WithTrash(db).Any(b => b.Id == t.MailboxId));
        var thrownAway = ThrownAway(db, now - kept, now - SpamRetention.InTrash);
        var due = await db.Messages
            .Where(m => m.Direction == MessageDirection.In && (old.Any(t => t.Id == m.TicketId) || thrownAway.Any(t => t.Id == m.TicketId)))
            .OrderBy(m => m.Id)
            .Select(m => m.Id)
            .Take(Batch)
            .ToListAsync(cancellationToken);
        await TakeFromFoldersAsync(db, due, cancellationToken);
        foreach (var messageId in due)
        {
            if (await Erasure.RunAsync(db, removal, messageId, cancellationToken) is { } removed)
            {
                db.Activity.Add(removed.Entry(Actor.System, Origin, clock));
            }
        }

        if (due.Count > 0)
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.SpamErased, Actor.System, Origin, clock, changes: [("messages", null, due.Count), ("days", null, days)]));
            await db.SaveChangesAsync(cancellationToken);
        }

        return due.Count;
    }

    /// <summary>Where there is no server nobody else empties the trash: spam that somebody put there goes as elsewhere, but not before they had their time to bring it back.</summary>
    private static IQueryable<Ticket> ThrownAway(EnneoDbContext db, DateTimeOffset until, DateTimeOffset thrownBefore) => SpamRetention.Old(db, until, TicketPlace.Trash)
        .Where(t => db.Mailboxes.Any(b => b.Id == t.MailboxId && !b.IsShadow && b.Method == MailboxMethod.Api))
        .Where(t => !db.TicketMerges.Any(m => m.IntoId == t.Id)) // people had a hand in it, and what was moved in the others stands under their numbers
        .Where(t => !db.Activity.Any(e => e.TicketId == t.Id && e.Kind == ActivityKind.MessageMoved && e.At >= thrownBefore));

    /// <summary>Where there is no server, what its folders hold is what is here.</summary>
    private static async Task TakeFromFoldersAsync(EnneoDbContext db, List<long> messageIds, CancellationToken cancellationToken)
    {
        var held = db.Ledger.Where(e => e.MessageId != null && messageIds.Contains(e.MessageId.Value) && e.OnServer
            && db.Folders.Any(f => f.Id == e.FolderId && db.Mailboxes.Any(b => b.Id == f.MailboxId && b.Method == MailboxMethod.Api)));
        foreach (var folder in await held.GroupBy(e => e.FolderId).Select(rows => new { Id = rows.Key, Count = rows.Count() }).ToListAsync(cancellationToken))
        {
            await db.Folders.Where(f => f.Id == folder.Id).ExecuteUpdateAsync(set => set.SetProperty(f => f.ServerCount, f => f.ServerCount - folder.Count), cancellationToken);
        }

        await held.ExecuteUpdateAsync(set => set.SetProperty(e => e.OnServer, false), cancellationToken);
    }
}
