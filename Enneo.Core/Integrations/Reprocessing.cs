using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Analyses the mails of a ticket again, when a program asks for it.</summary>
public sealed class Reprocessing(WriterLane lane, TimeProvider clock)
{
    private const int MostProcessed = 20;

    /// <param name="onlyNewest">Its newest mail alone, and not all of them.</param>
    /// <param name="performActions">Whether automations act; else they only propose, as after "Not spam".</param>
    /// <returns>How many mails wait to be analysed; null if there is no such ticket.</returns>
    public Task<int?> RunAsync(long ticketId, bool onlyNewest, bool performActions, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync<int?>(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (await reach.Of(db.Tickets).AsNoTracking().SingleOrDefaultAsync(t => t.Id == ticketId, token) is not { } ticket)
            {
                return null;
            }

            var messages = await db.Messages
                .Where(m => m.TicketId == ticketId && m.Direction == MessageDirection.In && m.SourceId != null && m.Unreadable == null)
                .OrderByDescending(m => m.Id).Take(onlyNewest ? 1 : MostProcessed).Select(m => m.Id).ToListAsync(token);
            messages.Reverse();
            await MailProcessing.CancelAsync(db, [ticketId], clock.GetUtcNow(), token); // once is enough
            MailProcessing.Enqueue(db, ticket.MailboxId, messages, performActions ? ProcessingCause.Retry : ProcessingCause.CalledClean, clock);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.ProcessingRequested, actor, origin, clock, ticket.MailboxId, ticketId));
            await db.SaveChangesAsync(token);
            return messages.Count;
        },
        cancellationToken);
}
