using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Sync.Graph;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Reads again what could not be read, on demand: after an upgrade, or because a person asks.</summary>
public sealed class FailedMailRetry(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, Intake intake, TicketRemoval removal, GraphRefusals refusals, TimeProvider clock)
{
    /// <summary>Reads again what is stored, and has what the server did not give asked for once more.</summary>
    /// <returns>How many can be read now; they take their place in their threads.</returns>
    internal async Task<int> RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, cancellationToken);
        var failed = await (
            from entry in db.Ledger
            join folder in db.Folders on entry.FolderId equals folder.Id
            join source in db.Sources on entry.SourceId equals source.Id
            where folder.MailboxId == mailboxId && entry.Outcome == LedgerOutcome.Failed && !entry.AwaitsIntake
            select new { Mail = new StoredMail(entry.Id, source, null, entry.ReceivedAt, entry.Seen, entry.Flagged, folder.Id, folder.Role, entry.IsHistory), entry.MessageId })
            .AsNoTracking()
            .ToListAsync(cancellationToken);

        var readable = 0;
        foreach (var entry in failed)
        {
            if ((await intake.ParseAsync(entry.Mail, cancellationToken)).Parsed.Unreadable is null)
            {
                await StartOverAsync(mailbox, entry.Mail.LedgerId, entry.MessageId, cancellationToken);
                readable++;
            }
        }

        await intake.RecoverAsync(mailbox, cancellationToken);
        await lane.RunAsync((lent, token) => AskAgainAsync(lent, mailbox, token), cancellationToken);
        return readable;
    }

    private async Task AskAgainAsync(EnneoDbContext db, Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (mailbox.ReceivesByGraph && await refusals.AskAgainAsync(db, mailbox.Id, cancellationToken))
        {
            db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxSyncRequested, Actor.System, SyncOrigin.Name, clock, mailbox.Id));
            await db.SaveChangesAsync(cancellationToken);
        }
    }

    private Task StartOverAsync(Mailbox mailbox, long ledgerId, long? messageId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await db.Ledger.Where(e => e.Id == ledgerId).ExecuteUpdateAsync(
                set => set
                    .SetProperty(e => e.AwaitsIntake, true)
                    .SetProperty(e => e.MessageId, (long?)null)
                    .SetProperty(e => e.Outcome, LedgerOutcome.Imported)
                    .SetProperty(e => e.Failure, (string?)null),
                token);
            if (messageId is { } id)
            {
                using SearchWriter search = new(db);
                search.Remove(id);
                await removal.RemoveMessageAsync(db, id, token);
            }

            db.Activity.Add(ActivityEntry.Of(ActivityKind.MessageParseRetried, Actor.System, SyncOrigin.Name, clock, mailbox.Id));
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
