using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>Read and unread, which is the mailbox's <c>\Seen</c>: changed here, then on the server.</summary>
public sealed class ReadState(WriterLane lane, TimeProvider clock)
{
    /// <summary>Marks messages, writes what the server must learn, in one transaction. Ids that do not exist or change nothing are passed over.</summary>
    public Task MarkAsync(IReadOnlyCollection<long> messageIds, bool seen, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync(
            async (db, token) =>
            {
                var reach = await Reaches.OfAsync(db, actor, token);
                var messages = await reach.Of(db.Messages).Where(m => messageIds.Contains(m.Id) && m.IsSeen != seen).ToListAsync(token);
                ChangesForServer changes = new(db, clock);
                foreach (var message in messages)
                {
                    message.IsSeen = seen;
                    await changes.QueueAsync(message, ServerChangeKind.Seen, seen, toFolderId: null, token);
                    db.Activity.Add(ActivityEntry.Of(
                        ActivityKind.MessageSeenChanged, actor, origin, clock, message.MailboxId, message.TicketId, message.Id, ("seen", !seen, seen)));
                }

                await db.SaveChangesAsync(token);
                using TicketSummaries summaries = new(db);
                foreach (var ticketId in messages.Select(m => m.TicketId).Distinct())
                {
                    summaries.Refresh(ticketId);
                }
            },
            cancellationToken);
}
