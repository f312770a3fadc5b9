using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>
/// Tickets follow what other clients do to their mail: once all that was received is archived the ticket
/// closes; when it comes back to the INBOX, the ticket opens again. Within a transaction of the writer lane.
/// </summary>
internal sealed class TicketFollowing(EnneoDbContext db, TimeProvider clock)
{
    private const string Archived = "archived";

    public async Task RunAsync(long mailboxId, IReadOnlyCollection<long> ticketIds, string origin, CancellationToken cancellationToken)
    {
        var received = await (
            from message in db.Messages
            join place in db.MessageFolders on message.Id equals place.MessageId
            join folder in db.Folders on place.FolderId equals folder.Id
            where ticketIds.Contains(message.TicketId) && message.Direction == MessageDirection.In
            select new { message.TicketId, folder.Role }).ToListAsync(cancellationToken);
        var rolesOf = received.ToLookup(place => place.TicketId, place => place.Role);
        var tickets = await db.Tickets.AsNoTracking().Where(t => ticketIds.Contains(t.Id)).Select(t => new { t.Id, t.Status }).ToListAsync(cancellationToken);
        foreach (var ticket in tickets)
        {
            var roles = rolesOf[ticket.Id].Where(role => role is not FolderRole.Trash).ToList();
            if (ticket.Status is not TicketStatus.Closed && roles.Count > 0 && roles.TrueForAll(role => role is FolderRole.Archive))
            {
                await SetAsync(mailboxId, ticket.Id, ticket.Status, TicketStatus.Closed, origin, cancellationToken);
            }
            else if (ticket.Status is TicketStatus.Closed && roles.Contains(FolderRole.Inbox) && await WasClosedByArchivingAsync(ticket.Id, cancellationToken))
            {
                await SetAsync(mailboxId, ticket.Id, ticket.Status, TicketStatus.Open, origin, cancellationToken);
            }
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task SetAsync(long mailboxId, long ticketId, TicketStatus old, TicketStatus now, string origin, CancellationToken cancellationToken)
    {
        await db.Tickets.Where(t => t.Id == ticketId).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.Status, now).SetProperty(t => t.Version, t => t.Version + 1), cancellationToken);
        var isArchived = now is TicketStatus.Closed;
        db.Activity.Add(ActivityEntry.Of(
            ActivityKind.TicketStatusChanged, Actor.MailServer, origin, clock, mailboxId, ticketId,
            changes: [("status", old.ToString(), now.ToString()), (Archived, !isArchived, isArchived)]));
    }

    private async Task<bool> WasClosedByArchivingAsync(long ticketId, CancellationToken cancellationToken)
    {
        var last = await db.Activity
            .Where(e => e.TicketId == ticketId && e.Kind == ActivityKind.TicketStatusChanged)
            .OrderByDescending(e => e.Sequence)
            .Select(e => e.Changes)
            .FirstOrDefaultAsync(cancellationToken);
        return last?.Contains($"\"{Archived}\":[false,true]", StringComparison.Ordinal) == true;
    }
}
