using Enneo.Core.Activity;
using Enneo.Core.Data;

namespace Enneo.Core.Tickets;

/// <summary>Folds a ticket into another of the same mailbox, when a message proves them one conversation. Within a transaction of the writer lane.</summary>
internal sealed class TicketMerging(EnneoDbContext db, TicketHistory history, TimeProvider clock)
{
    public void Merge(long mailboxId, long into, long from, string origin)
    {
        var status = history.OfBoth(into, from);
        foreach (var sql in (string[])
        [
            "UPDATE messages SET TicketId = @0 WHERE TicketId = @1",
            "INSERT OR IGNORE INTO thread_keys (MailboxId, InternetMessageId, TicketId, MessageId) SELECT MailboxId, InternetMessageId, @0, MessageId FROM thread_keys WHERE TicketId = @1",
            "DELETE FROM thread_keys WHERE TicketId = @1",
            "INSERT INTO ticket_participants (TicketId, Address, HasWritten) SELECT @0, Address, HasWritten FROM ticket_participants WHERE TicketId = @1 ON CONFLICT DO UPDATE SET HasWritten = max(HasWritten, excluded.HasWritten)",
            "DELETE FROM ticket_participants WHERE TicketId = @1",
            "UPDATE drafts SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE outbox SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE tickets SET LinkedTicketId = @0 WHERE LinkedTicketId = @1 AND Id <> @0",
            "UPDATE tickets SET LinkedTicketId = NULL WHERE Id = @0 AND LinkedTicketId = @1",
            "DELETE FROM tickets WHERE Id = @1",
        ])
        {
            using SqlStatement statement = new(db, sql);
            statement.Execute(into, from);
        }

        history.SetStatus(into, status);
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.TicketsMerged, Actor.System, origin, clock, mailboxId, into, changes: ("merged", from, into)));
    }
}
