using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    /// <summary>What other systems say.</summary>
    private static IEnumerable<AccessCase> OfPrograms =>
    [
        One<ActivityQueries>("OfTicketAsync", (q, who, it) => q.OfTicketAsync(who.Reach, [it.TicketId], 0, 10, Cancel)),
        new OneCase("Outbox.ReportAsync", async (house, who, it) =>
        {
            await house.SetOutgoingAsync(it.OutgoingId, DeliveryState.Sending);
            var messageId = await house.Get<WriterLane>().RunAsync(
                async (db, token) =>
                {
                    await db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.Method, MailboxMethod.Api), token);
                    db.Activity.Add(ActivityEntry.Of(ActivityKind.MailboxChanged, Actor.System, Origin, TimeProvider.System, it.MailboxId));
                    await db.SaveChangesAsync(token);
                    return await db.Outbox.Where(o => o.Id == it.OutgoingId).Select(o => o.MessageId).SingleOrDefaultAsync(token);
                },
                Cancel);
            return await house.Get<Outbox>().ReportAsync(messageId, isSent: true, null, who.Actor, Origin, Cancel);
        }),
    ];
}
