using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>What other systems call tickets and messages. Within a transaction of the writer lane, but for the reads.</summary>
internal static class ExternalIds
{
    /// <param name="externalId">Null to forget what the actor's system called it.</param>
    public static async Task SetAsync(EnneoDbContext db, Ticket ticket, string? externalId, Actor actor, string origin, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (actor.UserId is not { } ownerId)
        {
            return;
        }

        var ticketId = ticket.Id;
        var names = await db.Set<ExternalTicket>().Where(e => e.OwnerId == ownerId && e.TicketId == ticketId).Select(e => e.ExternalId).ToListAsync(cancellationToken);
        if (externalId is null ? names.Count == 0 : names.Contains(externalId, StringComparer.Ordinal))
        {
            return; // a ticket that others were folded into goes by all their names
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketFactsChanged, actor, origin, clock, ticket.MailboxId, ticketId, changes: ("externalTicketId", null, null))); // what it is concerns that system alone
        await db.Set<ExternalTicket>()
            .Where(e => e.OwnerId == ownerId && ((e.TicketId == ticketId && e.ExternalId != externalId) || (e.ExternalId == externalId && e.TicketId != ticketId)))
            .ExecuteDeleteAsync(cancellationToken);
        if (externalId is not null && !await db.Set<ExternalTicket>().AnyAsync(e => e.OwnerId == ownerId && e.ExternalId == externalId, cancellationToken))
        {
            db.Add(new ExternalTicket { OwnerId = ownerId, ExternalId = externalId, TicketId = ticketId });
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    public static Task<long?> FindTicketAsync(EnneoDbContext db, long ownerId, string externalId, CancellationToken cancellationToken) => db.Set<ExternalTicket>()
        .Where(e => e.OwnerId == ownerId && e.ExternalId == externalId).Select(e => (long?)e.TicketId).SingleOrDefaultAsync(cancellationToken);

    /// <exception cref="PatchRefusedException">That system calls another message so.</exception>
    public static async Task AddMessageAsync(EnneoDbContext db, long ownerId, long messageId, string? externalId, CancellationToken cancellationToken)
    {
        if (externalId is null)
        {
            return;
        }

        if (await FindMessageAsync(db, ownerId, externalId, cancellationToken) is not { } named)
        {
            db.Add(new ExternalMessage { OwnerId = ownerId, ExternalId = externalId, MessageId = messageId });
            await db.SaveChangesAsync(cancellationToken);
        }
        else if (named != messageId)
        {
            throw PatchRefusedException.Of(0, "externalConversationId", IntegrationText.MessageIdTaken);
        }
    }

    public static Task<long?> FindMessageAsync(EnneoDbContext db, long ownerId, string externalId, CancellationToken cancellationToken) => db.Set<ExternalMessage>()
        .Where(e => e.OwnerId == ownerId && e.ExternalId == externalId).Select(e => (long?)e.MessageId).SingleOrDefaultAsync(cancellationToken);
}
