using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

internal static partial class AccessCases
{
    /// <summary>What was found out about mails, and what was done with them.</summary>
    private static IEnumerable<AccessCase> OfSpam =>
    [
        new OneCase("SpamQueries.OfLaterMailAsync", async (house, who, it) =>
        {
            await JudgedAsync(house, it);
            await WriteAsync(house, it, async (db, token) =>
            {
                await db.SpamVerdicts.Where(v => v.MessageId == it.MessageId).ExecuteUpdateAsync(set => set.SetProperty(v => v.IsSpam, true), token);
                db.Messages.Add(new Message { Id = -it.MessageId, MailboxId = it.MailboxId, TicketId = it.TicketId, Direction = MessageDirection.In, Subject = "", ReceivedAt = DateTimeOffset.UnixEpoch });
                await db.SaveChangesAsync(token);
            });
            return await house.Get<SpamQueries>().OfLaterMailAsync(who.Reach, it.MessageId, Cancel);
        }),
        new OneCase("SpamQueries.OfTicketsAsync", async (house, who, it) =>
        {
            await JudgedAsync(house, it);
            await WriteAsync(house, it, (db, token) => db.SpamVerdicts.Where(v => v.MessageId == it.MessageId).ExecuteUpdateAsync(set => set.SetProperty(v => v.IsSpam, true), token));
            return (await house.Get<SpamQueries>().OfTicketsAsync(who.Reach, [it.TicketId], Cancel)).Values.ToList();
        }),
        new OneCase("SpamSenders.FindAsync", async (house, who, it) =>
        {
            await house.Get<SpamSenders>().SetAsync($"{it.Word}.example", it.MailboxId, true, Actor.System, Origin, Cancel);
            return await house.Get<SpamSenders>().FindAsync(who.Reach, $"{it.Word}.example", it.MailboxId, Cancel);
        }),
        new NoCase("SpamSenders.OwnDomainsAsync", "The domains of the installation, of which no sender is."),
        new NoCase("SpamSenders.FindProblemAsync", "Whether something is a sender, and none of ourselves."),
        new NoCase("ModelHint.IsShownAsync", "Of a person and the settings, not of mail."),
        new NoCase("ModelHint.LeaveAsync", "A person's own."),
        Proposed("AutomationRuns.OfTicketAsync", async (house, who, it, _) => (await house.Get<AutomationRuns>().OfTicketAsync(who.Reach, it.TicketId, Cancel)).Count),
    ];
}
