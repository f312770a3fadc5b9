using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>
/// Erases what came through a removed mailbox, in steps behind everything that a person waits for. Safe to
/// interrupt and to repeat. The bytes of its mail stay in the segments, where nothing names them any more, until they are compacted.
/// </summary>
public sealed class MailboxErasure(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const int Batch = 300;

    public async Task<IReadOnlyList<long>> DueAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.Where(m => m.IsToBeErased).Select(m => m.Id).ToListAsync(cancellationToken);
    }

    /// <summary>Nothing of the mailbox may be syncing.</summary>
    public async Task RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await EraseDraftsAsync(mailboxId, cancellationToken);
        foreach (var step in new Func<EnneoDbContext, long, CancellationToken, Task<int>>[] { EraseLedgerAsync, EraseMessagesAsync, EraseTicketsAsync })
        {
            while (await lane.RunBulkAsync((db, token) => step(db, mailboxId, token), cancellationToken) > 0)
            {
                // Step by step, so that others come in between.
            }
        }

        await lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Mailboxes.Where(m => m.Id == mailboxId && m.IsToBeErased).ExecuteDeleteAsync(token) > 0)
                {
                    db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxRemoved, Actor.System, SyncOrigin.Name, clock, mailboxId, changes: ("erased", false, true)));
                    await db.SaveChangesAsync(token);
                }
            },
            cancellationToken);
    }

    /// <summary>Their files are swept once no draft names them.</summary>
    private Task EraseDraftsAsync(long mailboxId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await db.Outbox.Where(o => o.MailboxId == mailboxId).ExecuteDeleteAsync(token);
            await db.Drafts.Where(d => d.MailboxId == mailboxId).ExecuteDeleteAsync(token);
            await db.ServerChanges.Where(c => c.MailboxId == mailboxId).ExecuteDeleteAsync(token);
        },
        cancellationToken);

    private static async Task<int> EraseLedgerAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var rows = await db.Ledger
            .Where(e => db.Folders.Any(f => f.Id == e.FolderId && f.MailboxId == mailboxId))
            .OrderBy(e => e.Id).Take(Batch)
            .Select(e => new { e.Id, e.SourceId })
            .ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        await db.Ledger.Where(e => ids.Contains(e.Id)).ExecuteDeleteAsync(cancellationToken);
        await EraseSourcesAsync(db, [.. rows.Select(row => row.SourceId)], cancellationToken);
        return rows.Count;
    }

    private static async Task<int> EraseMessagesAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var rows = await db.Messages.Where(m => m.MailboxId == mailboxId).OrderBy(m => m.Id).Take(Batch).Select(m => new { m.Id, m.SourceId }).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.Id);
        using (SearchWriter search = new(db))
        {
            ids.ForEach(search.Remove);
        }

        await db.Messages.Where(m => ids.Contains(m.Id)).ExecuteDeleteAsync(cancellationToken);
        await EraseSourcesAsync(db, [.. rows.Select(row => row.SourceId)], cancellationToken);
        return rows.Count;
    }

    private static async Task<int> EraseTicketsAsync(EnneoDbContext db, long mailboxId, CancellationToken cancellationToken)
    {
        var ids = await db.Tickets.Where(t => t.MailboxId == mailboxId).OrderBy(t => t.Id).Take(Batch).Select(t => t.Id).ToListAsync(cancellationToken);
        await db.ThreadKeys.Where(k => ids.Contains(k.TicketId)).ExecuteDeleteAsync(cancellationToken);
        await db.TicketParticipants.Where(p => ids.Contains(p.TicketId)).ExecuteDeleteAsync(cancellationToken);
        await db.Tickets.Where(t => t.LinkedTicketId != null && ids.Contains(t.LinkedTicketId.Value))
            .ExecuteUpdateAsync(set => set.SetProperty(t => t.LinkedTicketId, (long?)null), cancellationToken);
        await db.Tickets.Where(t => ids.Contains(t.Id)).ExecuteDeleteAsync(cancellationToken);
        return ids.Count;
    }

    /// <summary>A source goes with the last row that names it.</summary>
    private static Task EraseSourcesAsync(EnneoDbContext db, List<long?> sourceIds, CancellationToken cancellationToken) => db.Sources
        .Where(s => sourceIds.Contains(s.Id) && !db.Ledger.Any(e => e.SourceId == s.Id) && !db.Messages.Any(m => m.SourceId == s.Id))
        .ExecuteDeleteAsync(cancellationToken);
}
