using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>Takes a message out of its ticket again, and the ticket with it, and its notes, when it was the only mail. Within a transaction of the writer lane.</summary>
public sealed class TicketRemoval
{
    /// <returns>Null if there is no such message.</returns>
    public async Task<RemovedMessage?> RemoveMessageAsync(EnneoDbContext db, long messageId, CancellationToken cancellationToken)
    {
        if (await db.Messages.Where(m => m.Id == messageId).Select(m => new { m.MailboxId, m.TicketId }).SingleOrDefaultAsync(cancellationToken) is not { TicketId: var id } message)
        {
            return null;
        }

        await db.ServerChanges.Where(c => c.MessageId == messageId).ExecuteDeleteAsync(cancellationToken);
        await db.ThreadKeys.Where(k => k.TicketId == id && k.MessageId == messageId).ExecuteDeleteAsync(cancellationToken);
        await db.Messages.Where(m => m.Id == messageId).ExecuteDeleteAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        var isEmpty = !summaries.Refresh(id);
        if (isEmpty)
        {
            await RemoveNotesAsync(db, id, cancellationToken);
            await db.ThreadKeys.Where(k => k.TicketId == id).ExecuteDeleteAsync(cancellationToken);
            await db.TicketParticipants.Where(p => p.TicketId == id).ExecuteDeleteAsync(cancellationToken);
            await db.Tickets.Where(t => t.LinkedTicketId == id).ExecuteUpdateAsync(set => set.SetProperty(t => t.LinkedTicketId, (long?)null), cancellationToken);
            await db.Tickets.Where(t => t.Id == id).ExecuteDeleteAsync(cancellationToken);
        }

        return new RemovedMessage(message.MailboxId, messageId, id, isEmpty);
    }

    /// <summary>With their words in the index, which stands above tickets and knows them by their ids only.</summary>
    private static async Task RemoveNotesAsync(EnneoDbContext db, long ticketId, CancellationToken cancellationToken)
    {
        var sources = await db.Messages.Where(m => m.TicketId == ticketId).Select(m => m.SourceId).ToListAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"DELETE FROM search WHERE rowid IN (SELECT e.Id FROM search_entries e JOIN messages m ON m.Id = e.MessageId WHERE m.TicketId = {ticketId})", cancellationToken);
        await db.Database.ExecuteSqlAsync($"DELETE FROM search_entries WHERE MessageId IN (SELECT Id FROM messages WHERE TicketId = {ticketId})", cancellationToken);
        await db.Messages.Where(m => m.TicketId == ticketId).ExecuteDeleteAsync(cancellationToken);
        await db.Sources.Where(s => sources.Contains(s.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
