using Enneo.Core.Activity;
using Enneo.Core.Data;

namespace Enneo.Core.Tickets;

/// <summary>Folds a ticket into another of the same mailbox. Within a transaction of the writer lane.</summary>
internal sealed class TicketMerging(EnneoDbContext db, TicketHistory history, TimeProvider clock)
{
    /// <summary>A message proves them one conversation.</summary>
    public void Merge(long mailboxId, long into, long from, string origin)
    {
        var status = history.OfBoth(into, from);
        Fold(db, into, from);
        history.SetStatus(into, status);
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.TicketsMerged, Actor.System, origin, clock, mailboxId, into, changes: ("ticket", from, into)));
    }

    /// <summary>All that belongs to a ticket or leads to it goes over; links to it lead on.</summary>
    public static void Fold(EnneoDbContext db, long into, long from)
    {
        foreach (var sql in (string[])
        [
            "UPDATE messages SET TicketId = @0 WHERE TicketId = @1",
            """
            INSERT INTO thread_keys (MailboxId, InternetMessageId, TicketId, MessageId)
            SELECT MailboxId, InternetMessageId, @0, MessageId FROM thread_keys WHERE TicketId = @1
            ON CONFLICT DO UPDATE SET MessageId = coalesce(MessageId, excluded.MessageId)
            """,
            "DELETE FROM thread_keys WHERE TicketId = @1",
            "INSERT INTO ticket_participants (TicketId, Address, HasWritten) SELECT @0, Address, HasWritten FROM ticket_participants WHERE TicketId = @1 ON CONFLICT DO UPDATE SET HasWritten = max(HasWritten, excluded.HasWritten)",
            "DELETE FROM ticket_participants WHERE TicketId = @1",
            """
            UPDATE tickets SET SpamStatus = (
                SELECT CASE
                    WHEN tickets.SpamStatus IN ('ManualClean', 'ManualSpam') THEN tickets.SpamStatus
                    WHEN other.SpamStatus IN ('ManualClean', 'ManualSpam') THEN other.SpamStatus
                    WHEN tickets.SpamStatus IN ('AutoSpam', 'AutoProgrammatic') THEN other.SpamStatus
                    ELSE tickets.SpamStatus END
                FROM tickets other WHERE other.Id = @1)
            WHERE Id = @0
            """,
            """
            UPDATE tickets SET
                Priority = (
                    SELECT CASE
                        WHEN 'Urgent' IN (tickets.Priority, other.Priority) THEN 'Urgent'
                        WHEN 'High' IN (tickets.Priority, other.Priority) THEN 'High'
                        WHEN 'Medium' IN (tickets.Priority, other.Priority) THEN 'Medium'
                        ELSE 'Low' END
                    FROM tickets other WHERE other.Id = @1),
                FirstResponseDueBy = (
                    SELECT coalesce(min(tickets.FirstResponseDueBy, other.FirstResponseDueBy), tickets.FirstResponseDueBy, other.FirstResponseDueBy)
                    FROM tickets other WHERE other.Id = @1),
                DueBy = (SELECT coalesce(min(tickets.DueBy, other.DueBy), tickets.DueBy, other.DueBy) FROM tickets other WHERE other.Id = @1)
            WHERE Id = @0
            """,
            "UPDATE tickets SET FirstResponseDueBy = NULL, DueBy = NULL WHERE Id = @0 AND SpamStatus IN ('AutoSpam', 'AutoProgrammatic', 'ManualSpam')",
            """
            INSERT INTO ticket_tags (TicketId, TagId, Source, PersonId, Reason, At, IsTakenOff)
            SELECT @0, TagId, Source, PersonId, Reason, At, IsTakenOff FROM ticket_tags WHERE TicketId = @1
            ON CONFLICT DO UPDATE SET IsTakenOff = 0 WHERE excluded.IsTakenOff = 0
            """,
            "DELETE FROM ticket_tags WHERE TicketId = @1",
            "UPDATE external_tickets SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE OR IGNORE ticket_facts SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE drafts SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE outbox SET TicketId = @0 WHERE TicketId = @1",
            "UPDATE tickets SET LinkedTicketId = @0 WHERE LinkedTicketId = @1 AND Id <> @0",
            "UPDATE tickets SET LinkedTicketId = NULL WHERE Id = @0 AND LinkedTicketId = @1",
            "UPDATE ticket_merges SET IntoId = @0 WHERE IntoId = @1",
            "INSERT OR REPLACE INTO ticket_merges (TicketId, IntoId) VALUES (@1, @0)",
            "DELETE FROM tickets WHERE Id = @1",
        ])
        {
            using SqlStatement statement = new(db, sql);
            statement.Execute(into, from);
        }
    }
}
