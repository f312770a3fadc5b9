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
        var tickets = await New(db, reach, since).Where(mail => mail.Ticket.SpamStatus == SpamStatus.AutoSpam)
            .GroupBy(mail => new { mail.Ticket.MailboxId, mail.Ticket.Id })
            .Select(g => new { g.Key.MailboxId, g.Key.Id, Count = g.Count() })
            .ToListAsync(cancellationToken);
        var rules = await RulesAsync(db, tickets.ConvertAll(ticket => ticket.Id), cancellationToken);
        return
        [
            .. from ticket in tickets
               where rules.ContainsKey(ticket.Id)
               group ticket.Count by (ticket.MailboxId, Rule: rules[ticket.Id]) into share
               join mailbox in counts on share.Key.MailboxId equals mailbox.MailboxId
               select new MailShare(share.Key.MailboxId, share.Key.Rule, share.Sum(), mailbox.Count),
        ];
    }

    /// <returns>The conversations that it has hidden, with mail since then, and that are hidden still; what people said, or put into the trash, is not among them.</returns>
    public static IQueryable<Ticket> TicketsHiddenBy(EnneoDbContext db, long mailboxId, HeaderRule? rule, DateTimeOffset since) =>
        from ticket in db.Tickets
        where ticket.MailboxId == mailboxId && ticket.SpamStatus == SpamStatus.AutoSpam && ticket.Place != TicketPlace.Trash && ticket.LastMessageAt >= since
        where db.Messages.Any(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && !m.IsHistory && m.ReceivedAt >= since)
        where Findings(db).Any(v => v.Rule == rule && v.MessageId == db.Messages.Where(m => m.TicketId == ticket.Id && Findings(db).Any(f => f.MessageId == m.Id)).Min(m => m.Id))
        select ticket;

    /// <summary>What hid conversations: the first that said so. What a later mail of them was found to be hides nothing.</summary>
    private static async Task<IReadOnlyDictionary<long, HeaderRule?>> RulesAsync(EnneoDbContext db, List<long> ticketIds, CancellationToken cancellationToken)
    {
        var firsts = Findings(db)
            .Join(db.Messages.Where(m => ticketIds.Contains(m.TicketId)), v => v.MessageId, m => m.Id, (v, m) => new { m.TicketId, v.MessageId })
            .GroupBy(found => found.TicketId)
            .Select(found => new { TicketId = found.Key, MessageId = found.Min(one => one.MessageId) });
        return await firsts.Join(db.SpamVerdicts, first => first.MessageId, v => v.MessageId, (first, v) => new { first.TicketId, v.Rule })
            .ToDictionaryAsync(first => first.TicketId, first => first.Rule, cancellationToken);
    }

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
