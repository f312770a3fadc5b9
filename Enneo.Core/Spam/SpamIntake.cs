using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Processing;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>What its arrival says about a mail.</summary>
/// <param name="Finding">Without a message yet; null where nothing was found.</param>
public sealed record ImportVerdict(SpamStatus? OpensAs, SpamVerdict? Finding)
{
    public static readonly ImportVerdict Nothing = new(null, null);
}

/// <summary>A mail that has joined its ticket.</summary>
public sealed record ArrivedMail(ImportVerdict Verdict, IncomingMessage Incoming, IntakeResult Result)
{
    public ProcessingPace Pace { get; init; }
}

/// <summary>
/// The first stage: what can be said as a mail comes, from its header, its sender and the folder in which its server put
/// it; and the start of all that follows. Within a transaction of the writer lane.
/// </summary>
public sealed class SpamIntake(SpamDecisions decisions, MessageFiling filing, TimeProvider clock)
{
    /// <summary>Trust is in a sender, and says nothing for whoever only uses the name.</summary>
    private static readonly HashSet<HeaderRule> s_forgery = [HeaderRule.Dmarc];

    /// <returns>One verdict per mail, in order. It concerns the ticket only where the mail opens one.</returns>
    public IReadOnlyList<ImportVerdict> Judge(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<IncomingMessage> mails)
    {
        var knowledge = SenderKnowledge.Read(db, mailbox, mails.Select(mail => mail.Parsed.FromAddress));
        var rules = RulesOf(mailbox.Spam);
        return [.. mails.Select(mail => mail.InSent || mail.IsDraft ? ImportVerdict.Nothing : Judge(mail, mailbox, knowledge, rules))];
    }

    /// <summary>Keeps what was found, and starts the processing of what is news.</summary>
    public async Task SettleAsync(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<ArrivedMail> mails, string origin, CancellationToken cancellationToken)
    {
        foreach (var (verdict, incoming, result) in mails.Where(mail => !mail.Result.IsDuplicate && mail.Verdict.Finding is not null))
        {
            verdict.Finding!.MessageId = result.MessageId;
            db.SpamVerdicts.Add(verdict.Finding);
            if (result.OpensTicket && !incoming.IsHistory && verdict.OpensAs is { } status)
            {
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.TicketSpamChanged, Actor.System, origin, clock, mailbox.Id, result.TicketId, result.MessageId,
                    ("spamStatus", null, status.ToString()), (SpamWhy.Stage, null, verdict.Finding.Stage.ToString())));
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await TagAsync(db, mails, origin, cancellationToken);
        await MoveToJunkAsync(db, mailbox, mails, origin, cancellationToken);
        await ReleaseCorrespondentsAsync(db, mails, origin, cancellationToken);
        await FollowAnswersAsync(db, mailbox, mails, origin, cancellationToken);
        foreach (var together in mails.Where(IsProcessed).GroupBy(mail => mail.Pace))
        {
            MailProcessing.Enqueue(db, mailbox.Id, together.Select(mail => mail.Result.MessageId), ProcessingCause.Arrival, clock, together.Key);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The rules that a mailbox wants.</summary>
    internal static IReadOnlySet<HeaderRule> RulesOf(MailboxSpam spam) => !spam.Headers
        ? new HashSet<HeaderRule>()
        : new[]
        {
            (spam.SpamAssassinRule, HeaderRule.SpamAssassin), (spam.ExchangeRule, HeaderRule.Exchange), (spam.BulkRule, HeaderRule.Bulk), (spam.DmarcRule, HeaderRule.Dmarc),
        }.Where(rule => rule.Item1).Select(rule => rule.Item2).ToHashSet();

    private static bool IsProcessed(ArrivedMail mail) =>
        !mail.Result.IsDuplicate && mail.Incoming is { IsHistory: false, InSent: false, IsDraft: false } && mail.Incoming.Parsed.Unreadable is null;

    private ImportVerdict Judge(IncomingMessage mail, Mailbox mailbox, SenderKnowledge knowledge, IReadOnlySet<HeaderRule> rules)
    {
        var from = mail.Parsed.FromAddress;
        if (knowledge.FindBlocking(from) is { } entry)
        {
            return new(SpamStatus.AutoProgrammatic, Finding(SpamStage.SenderList, entry));
        }

        var findings = mail.Parsed.FilterHeaders is { } headers ? HeaderRules.Find(headers, knowledge.IsTrusted(from) ? rules.Where(s_forgery.Contains).ToHashSet() : rules, knowledge.Exemptions) : [];
        return findings.FirstOrDefault(finding => !mailbox.Spam.BulkTagsOnly || finding.Rule is not HeaderRule.Bulk) is { } hiding ? new(SpamStatus.AutoSpam, FoundBy(hiding, isSpam: true))
            : mail.Folder is FolderRole.Junk ? new(SpamStatus.AutoProgrammatic, Finding(SpamStage.Server, ""))
            : findings is [var tagging, ..] ? new(null, FoundBy(tagging, isSpam: false))
            : ImportVerdict.Nothing;

        SpamVerdict FoundBy(HeaderFinding found, bool isSpam)
        {
            var verdict = Finding(SpamStage.Header, $"{found.Field}: {found.Evidence}");
            (verdict.Rule, verdict.IsSpam) = (found.Rule, isSpam);
            return verdict;
        }

        SpamVerdict Finding(SpamStage stage, string evidence) =>
            new() { MessageId = 0, MailboxId = mailbox.Id, Stage = stage, IsSpam = true, Evidence = evidence, JudgedAt = clock.GetUtcNow() };
    }

    /// <summary>Spam has the tags for spam at once, also where a program wants nothing processed; and mass mail that is not hidden is known by them.</summary>
    private async Task TagAsync(EnneoDbContext db, IReadOnlyList<ArrivedMail> mails, string origin, CancellationToken cancellationToken)
    {
        AutomaticTags tags = new(clock);
        foreach (var mail in mails.Where(mail => mail is { Result: { OpensTicket: true, IsDuplicate: false }, Incoming.IsHistory: false, Verdict.Finding: not null }))
        {
            await (mail.Verdict.OpensAs.IsSpam()
                ? tags.GiveAsync(db, mail.Result.TicketId, [], origin, cancellationToken)
                : tags.MarkMassMailAsync(db, mail.Result.TicketId, origin, cancellationToken));
        }
    }

    private async Task MoveToJunkAsync(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<ArrivedMail> mails, string origin, CancellationToken cancellationToken)
    {
        if (mailbox.Spam.JunkMoves is JunkMoves.ByAll
            && mails.Where(mail => mail is { Result.OpensTicket: true, Incoming: { IsHistory: false, Folder: not FolderRole.Junk } } && mail.Verdict.OpensAs.IsSpam())
                .Select(mail => mail.Result.MessageId).ToList() is { Count: > 0 } spam)
        {
            await filing.MoveAsync(db, spam, FolderRole.Junk, Actor.System, origin, cancellationToken);
        }
    }

    /// <summary>History comes newest first and folder by folder: that somebody here wrote to the sender of what looked like mass mail may be learned last, and from another mailbox.</summary>
    private async Task ReleaseCorrespondentsAsync(EnneoDbContext db, IReadOnlyList<ArrivedMail> mails, string origin, CancellationToken cancellationToken)
    {
        var writtenTo = mails.Where(mail => mail.Incoming.InSent)
            .SelectMany(mail => mail.Incoming.Parsed.To.Concat(mail.Incoming.Parsed.Cc))
            .Select(party => party.Address.ToLowerInvariant())
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (writtenTo.Count == 0)
        {
            return;
        }

        var hidden = await (
            from sender in db.TicketParticipants
            where sender.HasWritten && writtenTo.Contains(sender.Address)
            join ticket in db.Tickets on sender.TicketId equals ticket.Id
            where ticket.SpamStatus == SpamStatus.AutoSpam
                && db.Messages.Any(m => m.TicketId == ticket.Id && db.SpamVerdicts.Any(v => v.MessageId == m.Id && v.Rule == HeaderRule.Bulk))
            select ticket).Distinct().ToListAsync(cancellationToken);
        foreach (var ticket in hidden)
        {
            await new SpamTransition(db, filing, clock).ReleaseAsync(ticket, Actor.System, origin, (SpamWhy.NotAsked, NotAsked.Correspondent.ToString()), cancellationToken);
        }
    }

    /// <summary>Who answers in another mail program says that it is no spam and was wanted, as whoever answers here.</summary>
    private async Task FollowAnswersAsync(EnneoDbContext db, Mailbox mailbox, IReadOnlyList<ArrivedMail> mails, string origin, CancellationToken cancellationToken)
    {
        var answered = mails
            .Where(mail => mail is { Result: { IsDuplicate: false, OpensTicket: false }, Incoming: { InSent: true, IsHistory: false, Parsed.Automatic: AutomaticKind.None } })
            .Select(mail => mail.Result.TicketId)
            .Distinct()
            .ToList();
        foreach (var ticketId in answered)
        {
            await decisions.FollowAnswerAsync(db, ticketId, isPersons: mailbox.Spam.JunkMovesCount, origin, cancellationToken);
            await SpamLessons.TeachAnsweredAsync(db, ticketId, userId: null, clock.GetUtcNow(), cancellationToken);
        }
    }
}
