using Enneo.Core.Data;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>Takes back what answers by itself and has not left: its conversation became spam.</summary>
internal static class ReplyWithdrawal
{
    /// <summary>Within a transaction of the writer lane, where handing over begins too: each is either taken back or sent.</summary>
    public static async Task RunAsync(EnneoDbContext db, long ticketId, TimeProvider clock, CancellationToken cancellationToken)
    {
        var waiting = await db.Outbox
            .Where(o => o.TicketId == ticketId && o.AuthorId == AutoReplying.Author && o.State == DeliveryState.Queued && o.SentAt == null)
            .ToListAsync(cancellationToken);
        foreach (var outgoing in waiting)
        {
            var sourceId = await db.Messages.Where(m => m.Id == outgoing.MessageId).Select(m => m.SourceId).SingleOrDefaultAsync(cancellationToken);
            using (SearchWriter search = new(db))
            {
                search.Remove(outgoing.MessageId);
            }

            db.Outbox.Remove(outgoing);
            await db.SaveChangesAsync(cancellationToken);
            await db.AutoReplies.Where(r => r.MessageId == -outgoing.DraftId).ExecuteDeleteAsync(cancellationToken);
            db.Activity.Add(OutgoingActivity.Cancelled(outgoing, outgoing.State, await new TicketRemoval().RemoveMessageAsync(db, outgoing.MessageId, cancellationToken), clock));
            await db.SaveChangesAsync(cancellationToken);
            await db.Sources.Where(s => s.Id == sourceId).ExecuteDeleteAsync(cancellationToken);
        }
    }
}
