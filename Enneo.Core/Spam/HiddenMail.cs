using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>How much of a mailbox's new mail a rule, or the model, hides.</summary>
internal sealed record MailShare(long MailboxId, HeaderRule? Rule, int Hidden, int Count);

/// <summary>Counts the new mail that the stages hide: mails, as people get them, be a conversation one of them or twenty.</summary>
internal static class HiddenMail
{
    private static readonly bool[] s_openOrClosed = [false, true]; // so that the index on both and the time is used

    /// <returns>For each mailbox with new mail, what hid how much of it.</returns>
    public static async Task<IReadOnlyList<MailShare>> SharesAsync(EnneoDbContext db, Reach reach, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var counts = await New(db, reach, since).GroupBy(mail => mail.Ticket.MailboxId).Select(g => new { MailboxId = g.Key, Count = g.Count() }).ToListAsync(cancellationToken);
        var hidden = await (
            from mail in New(db, reach, since)
            where mail.Ticket.SpamStatus == SpamStatus.AutoSpam
            join judged in db.Messages on mail.Ticket.Id equals judged.TicketId
            join verdict in Findings(db) on judged.Id equals verdict.MessageId
            group mail.Message.Id by new { mail.Ticket.MailboxId, verdict.Rule } into share
            select new { share.Key.MailboxId, share.Key.Rule, Count = share.Distinct().Count() }).ToListAsync(cancellationToken);
        return
        [
            .. from share in hidden
               join mailbox in counts on share.MailboxId equals mailbox.MailboxId
               select new MailShare(share.MailboxId, share.Rule, share.Count, mailbox.Count),
        ];
    }

    /// <returns>The conversations that it has hidden since and that are hidden still; what people said is not among them.</returns>
    public static IQueryable<Ticket> TicketsHiddenBy(EnneoDbContext db, long mailboxId, HeaderRule? rule, DateTimeOffset since) =>
        from ticket in db.Tickets
        where ticket.MailboxId == mailboxId && ticket.SpamStatus == SpamStatus.AutoSpam && ticket.CreatedAt >= since
        where db.Messages.Any(m => m.TicketId == ticket.Id && !m.IsHistory && Findings(db).Any(v => v.MessageId == m.Id && v.Rule == rule))
        select ticket;

    private static IQueryable<SpamVerdict> Findings(EnneoDbContext db) =>
        db.SpamVerdicts.Where(v => v.IsSpam == true && (v.Stage == SpamStage.Model || v.Stage == SpamStage.Header));

    private static IQueryable<NewMail> New(EnneoDbContext db, Reach reach, DateTimeOffset since) =>
        from ticket in reach.Of(db.Tickets)
        where s_openOrClosed.Contains(ticket.IsClosed) && ticket.ListedAt >= since
        join message in db.Messages on ticket.Id equals message.TicketId
        where message.ReceivedAt >= since && message.Direction == MessageDirection.In && !message.IsHistory
        select new NewMail { Ticket = ticket, Message = message };

    private sealed class NewMail
    {
        public required Ticket Ticket { get; init; }
        public required Message Message { get; init; }
    }
}
