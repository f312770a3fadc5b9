using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Net;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A sender whose mass mail is hidden in a mailbox.</summary>
/// <param name="Count">How many conversations of it are hidden.</param>
/// <param name="TicketId">The newest of them.</param>
/// <param name="CanUnsubscribe">Its newest mail names one request by which that is done.</param>
/// <param name="IsVouched">The sender's domain stands behind it.</param>
/// <param name="Before">What came of it when somebody last asked.</param>
public sealed record MassMailSender(
    long MailboxId, string Address, string Name, int Count, long TicketId, string Subject, DateTimeOffset NewestAt, bool CanUnsubscribe, bool IsVouched, UnsubscribeOutcome? Before);

/// <summary>The mass mail that is hidden, by whom it is from.</summary>
public sealed class MassMail(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, GuardedHttp http, TimeProvider clock)
{
    /// <summary>Those with the most mail.</summary>
    private const int MostSenders = 50;

    /// <param name="mailboxId">Null for all mailboxes.</param>
    /// <returns>Of how many senders there is any.</returns>
    public async Task<int> CountSendersAsync(Reach reach, long? mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Hidden(db, reach, mailboxId).Select(mail => new { mail.MailboxId, mail.Sender }).Distinct().CountAsync(cancellationToken);
    }

    /// <param name="mailboxId">Null for all mailboxes.</param>
    /// <returns>Who sent the most first.</returns>
    public async Task<IReadOnlyList<MassMailSender>> SendersAsync(Reach reach, long? mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var groups = await Hidden(db, reach, mailboxId)
            .GroupBy(mail => new { mail.MailboxId, mail.Sender })
            .Select(group => new { group.Key.MailboxId, group.Key.Sender, Count = group.Select(mail => mail.TicketId).Distinct().Count(), NewestAt = group.Max(mail => mail.ReceivedAt) })
            .OrderByDescending(group => group.Count).ThenBy(group => group.Sender)
            .Take(MostSenders)
            .ToListAsync(cancellationToken);
        var moments = groups.ConvertAll(group => group.NewestAt).ToHashSet();
        var found = await (
            from hidden in Hidden(db, reach, mailboxId)
            where moments.Contains(hidden.ReceivedAt)
            join message in db.Messages on hidden.MessageId equals message.Id
            join mailbox in db.Mailboxes on message.MailboxId equals mailbox.Id
            join source in db.Sources on message.SourceId equals source.Id into sources
            from source in sources.DefaultIfEmpty()
            select new Newest(message.Id, message.MailboxId, message.TicketId, message.FromAddress, message.FromName, message.Subject, message.ReceivedAt, source, mailbox.Spam.AuthenticationServer)).AsNoTracking().ToListAsync(cancellationToken);
        var newest = found.ToLookup(mail => (mail.MailboxId, mail.FromAddress.ToLowerInvariant()));
        var asked = await reach.Of(db.Unsubscriptions).AsNoTracking().ToDictionaryAsync(u => (u.MailboxId, u.Sender), u => (UnsubscribeOutcome?)u.Outcome, cancellationToken);
        List<MassMailSender> senders = [];
        foreach (var group in groups)
        {
            var address = group.Sender.ToLowerInvariant();
            var mail = newest[(group.MailboxId, address)].MaxBy(mail => (mail.ReceivedAt, mail.MessageId))!;
            var link = await FindLinkAsync(mail, cancellationToken);
            senders.Add(new MassMailSender(
                group.MailboxId, address, mail.FromName, group.Count, mail.TicketId, mail.Subject, mail.ReceivedAt,
                link is not null, link?.IsVouched == true, asked.GetValueOrDefault((group.MailboxId, address))));
        }

        return senders;
    }

    /// <summary>What nobody has decided about.</summary>
    private static IQueryable<HiddenMail> Hidden(EnneoDbContext db, Reach reach, long? mailboxId) =>
        from verdict in db.SpamVerdicts
        where verdict.Rule == HeaderRule.Bulk && verdict.IsSpam == true && (mailboxId == null || verdict.MailboxId == mailboxId)
        join message in db.Messages on verdict.MessageId equals message.Id
        join ticket in reach.Of(db.Tickets) on message.TicketId equals ticket.Id
        where ticket.SpamStatus == SpamStatus.AutoSpam && ticket.Place == TicketPlace.Junk
        select new HiddenMail { MessageId = message.Id, TicketId = ticket.Id, MailboxId = message.MailboxId, Sender = EF.Functions.Collate(message.FromAddress, "NOCASE"), ReceivedAt = message.ReceivedAt };

    private async Task<OneClickLink?> FindLinkAsync(Newest mail, CancellationToken cancellationToken) =>
        mail.Source is not null && await StoredHeader.ReadAsync(store, mail.Source, clock, cancellationToken) is { } headers
            ? OneClickLink.Of(headers, mail.AuthenticationServer, http.MayPost)
            : null;

    private sealed class HiddenMail
    {
        public required long MessageId { get; init; }
        public required long TicketId { get; init; }
        public required long MailboxId { get; init; }
        public required string Sender { get; init; }
        public required DateTimeOffset ReceivedAt { get; init; }
    }

    private sealed record Newest(long MessageId, long MailboxId, long TicketId, string FromAddress, string FromName, string Subject, DateTimeOffset ReceivedAt, StoredSource? Source, string? AuthenticationServer);
}
