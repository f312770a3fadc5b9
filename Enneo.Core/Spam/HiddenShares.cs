using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A rule, or the model, that hides conspicuously much of a mailbox's new mail.</summary>
/// <param name="Rule">Null for the model.</param>
/// <param name="Hidden">How many of the new conversations of the last day it hid.</param>
/// <param name="Count">How many there were.</param>
public sealed record HiddenShare(long MailboxId, string Mailbox, HeaderRule? Rule, int Hidden, int Count);

/// <summary>
/// The circuit breaker: finds what hides more than its share of new mail, since a rule that fits a mailbox badly, or a
/// model gone wrong, must not go unnoticed; and switches it off and brings back what it hid, when an admin says so.
/// </summary>
public sealed class HiddenShares(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageFiling filing, TimeProvider clock)
{
    private const double MostHidden = .3;
    private const int FewestNew = 20;

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <returns>Those that hide too much, the worst first.</returns>
    public async Task<IReadOnlyList<HiddenShare>> FindAsync(Reach reach, CancellationToken cancellationToken)
    {
        var since = clock.GetUtcNow() - s_day;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var opened = await (
            from ticket in reach.Of(db.Tickets)
            where ticket.CreatedAt >= since && db.Messages.Any(m => m.TicketId == ticket.Id && m.Direction == MessageDirection.In && !m.IsHistory)
            group ticket by ticket.MailboxId into mailbox
            select new { Id = mailbox.Key, Count = mailbox.Count() }).Where(mailbox => mailbox.Count >= FewestNew).ToListAsync(cancellationToken);
        if (opened.Count == 0)
        {
            return [];
        }

        var hidden = await HiddenSince(db, reach, since)
            .GroupBy(row => new { row.Ticket.MailboxId, row.Verdict.Rule })
            .Select(g => new { g.Key.MailboxId, g.Key.Rule, Count = g.Select(row => row.Ticket.Id).Distinct().Count() })
            .ToListAsync(cancellationToken);
        var names = await db.Mailboxes.ToDictionaryAsync(m => m.Id, m => m, cancellationToken);
        return
        [
            .. from share in hidden
               join mailbox in opened on share.MailboxId equals mailbox.Id
               where share.Count > MostHidden * mailbox.Count && IsOn(names[mailbox.Id].Spam, share.Rule)
               orderby (double)share.Count / mailbox.Count descending
               select new HiddenShare(mailbox.Id, names[mailbox.Id].Name, share.Rule, share.Count, mailbox.Count),
        ];
    }

    /// <summary>Switches it off for the mailbox, and brings back what it hid within the last day. What people said stands.</summary>
    /// <returns>How many conversations came back.</returns>
    public Task<int> StopAsync(long mailboxId, HeaderRule? rule, Activity.Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            if (!reach.IsAll || await db.Mailboxes.SingleOrDefaultAsync(m => m.Id == mailboxId, token) is not { } mailbox)
            {
                return 0;
            }

            await MailboxSpamEditing.ChangeAsync(db, mailbox, spam => SwitchOff(spam, rule), actor, origin, clock, token);
            var tickets = await HiddenSince(db, reach, clock.GetUtcNow() - s_day)
                .Where(row => row.Ticket.MailboxId == mailboxId && row.Verdict.Rule == rule)
                .Select(row => row.Ticket)
                .Distinct()
                .ToListAsync(token);
            foreach (var ticket in tickets)
            {
                await new SpamTransition(db, filing, clock).ReleaseAsync(ticket, actor, origin, (SpamWhy.NotAsked, nameof(NotAsked.SwitchedOff)), token);
            }

            return tickets.Count;
        },
        cancellationToken);

    private static IQueryable<HiddenTicket> HiddenSince(EnneoDbContext db, Reach reach, DateTimeOffset since) =>
        from verdict in db.SpamVerdicts
        where verdict.JudgedAt >= since && verdict.IsSpam == true && (verdict.Stage == SpamStage.Model || verdict.Stage == SpamStage.Header)
        join message in db.Messages on verdict.MessageId equals message.Id
        where !message.IsHistory
        join ticket in reach.Of(db.Tickets) on message.TicketId equals ticket.Id
        where ticket.SpamStatus == SpamStatus.AutoSpam && ticket.CreatedAt >= since
        select new HiddenTicket { Ticket = ticket, Verdict = verdict };

    private static bool IsOn(MailboxSpam spam, HeaderRule? rule) => rule is { } header ? SpamIntake.RulesOf(spam).Contains(header) : spam.Model;

    private static void SwitchOff(MailboxSpam spam, HeaderRule? rule)
    {
        switch (rule)
        {
            case HeaderRule.SpamAssassin:
                spam.SpamAssassinRule = false;
                break;
            case HeaderRule.Exchange:
                spam.ExchangeRule = false;
                break;
            case HeaderRule.Bulk:
                spam.BulkRule = false;
                break;
            case HeaderRule.Dmarc:
                spam.DmarcRule = false;
                break;
            default:
                spam.Model = false;
                break;
        }
    }

    private sealed class HiddenTicket
    {
        public required Ticket Ticket { get; init; }
        public required SpamVerdict Verdict { get; init; }
    }
}
