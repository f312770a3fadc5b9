using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>
/// Follows what other mail programs, or the server, move into and out of junk: a person's word where the mailbox says so,
/// else a finding that never overwrites one. Within a transaction of the writer lane.
/// </summary>
public sealed class JunkFollowing(SpamDecisions decisions, MessageFiling filing, TimeProvider clock)
{
    /// <param name="ticketIds">Whose received mail was moved into junk, or out of it.</param>
    /// <param name="isSpam">Into it.</param>
    internal async Task RunAsync(EnneoDbContext db, long mailboxId, IReadOnlyCollection<long> ticketIds, bool isSpam, string origin, CancellationToken cancellationToken)
    {
        if (ticketIds.Count == 0)
        {
            return;
        }

        var isPersons = await db.Mailboxes.Where(m => m.Id == mailboxId).Select(m => m.Spam.JunkMovesCount).SingleAsync(cancellationToken);
        foreach (var ticket in await db.Tickets.Where(t => ticketIds.Contains(t.Id)).ToListAsync(cancellationToken))
        {
            if (isSpam && await HasMailElsewhereAsync(db, ticket.Id, cancellationToken))
            {
                continue; // one mail of a conversation that goes on
            }

            if (isPersons)
            {
                await decisions.FollowAsync(db, ticket, isSpam, origin, cancellationToken);
            }
            else if (!ticket.SpamStatus.IsManual())
            {
                SpamTransition transition = new(db, filing, clock);
                var why = (SpamWhy.Stage, nameof(SpamStage.Server));
                await (isSpam
                    ? transition.ApplyAsync(ticket, SpamStatus.AutoProgrammatic, Actor.MailServer, origin, why, cancellationToken)
                    : transition.ReleaseAsync(ticket, Actor.MailServer, origin, why, cancellationToken));
            }
        }
    }

    private static Task<bool> HasMailElsewhereAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken) => db.Messages
        .Where(m => m.TicketId == ticketId && m.Direction == MessageDirection.In)
        .AnyAsync(
            m => db.MessageFolders.Any(p => p.MessageId == m.Id && db.Folders.Any(f => f.Id == p.FolderId && f.Role != FolderRole.Junk && f.Role != FolderRole.Trash)),
            cancellationToken);
}
