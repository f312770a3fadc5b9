using Enneo.Core.Activity;
using Enneo.Core.Data;

namespace Enneo.Core.Tickets;

/// <summary>Opens tickets for mail that is written here first. Its id stands in the mail, so it is known before the ticket is there.</summary>
public sealed class TicketOpening(WriterLane lane, TimeProvider clock)
{
    /// <returns>An id that no ticket has, had or will get by itself.</returns>
    public Task<long> ReserveIdAsync(long mailboxId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var ticket = New(id: 0, mailboxId, subject: "");
            db.Tickets.Add(ticket);
            await db.SaveChangesAsync(token);
            db.Tickets.Remove(ticket); // ids are never given out twice
            await db.SaveChangesAsync(token);
            return ticket.Id;
        },
        cancellationToken);

    /// <summary>Closed, as everything that waits for nobody here: an answer opens it. Within a transaction of the writer lane; the first message follows in it.</summary>
    public async Task OpenAsync(EnneoDbContext db, long ticketId, long mailboxId, string subject, Actor actor, string origin, CancellationToken cancellationToken)
    {
        db.Tickets.Add(New(ticketId, mailboxId, subject));
        db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketCreated, actor, origin, clock, mailboxId, ticketId));
        await db.SaveChangesAsync(cancellationToken);
    }

    private Ticket New(long id, long mailboxId, string subject) => new()
    {
        Id = id,
        MailboxId = mailboxId,
        Subject = subject,
        Status = TicketStatus.Closed,
        CreatedAt = clock.GetUtcNow(),
        LastMessageAt = clock.GetUtcNow(),
        People = "",
        Snippet = "",
    };
}
