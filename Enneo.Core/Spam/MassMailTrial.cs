using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A sender of mass mail among the last mails of a mailbox.</summary>
public sealed record TrialSender(string Address, string Name, int Mails);

/// <summary>What the rule about mass mail would have done with the last mails of a mailbox.</summary>
/// <param name="Mails">How many were looked at.</param>
/// <param name="Hidden">Whose mail it would have hidden, the most first.</param>
/// <param name="WrittenTo">Whose mass mail it leaves alone, since somebody here has written to them.</param>
public sealed record MassMailTrialResult(int Mails, IReadOnlyList<TrialSender> Hidden, IReadOnlyList<TrialSender> WrittenTo)
{
    public int HiddenMails => Hidden.Sum(sender => sender.Mails);
}

/// <summary>Tries the rule about mass mail on what a mailbox has received last, whether it is switched on there or not. Only pages of admins call it.</summary>
public sealed class MassMailTrial(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, TimeProvider clock)
{
    public const int Mails = 500;

    private static readonly IReadOnlySet<HeaderRule> s_rule = new HashSet<HeaderRule> { HeaderRule.Bulk };

    /// <returns>Null if there is no such mailbox.</returns>
    public async Task<MassMailTrialResult?> RunAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId, cancellationToken) is not { } mailbox)
        {
            return null;
        }

        var mails = await (
            from message in db.Messages
            where message.MailboxId == mailboxId && message.Direction == MessageDirection.In
            orderby message.ReceivedAt descending
            join source in db.Sources on message.SourceId equals source.Id
            select new TrialMail(message.FromAddress, message.FromName, source)).AsNoTracking().Take(Mails).ToListAsync(cancellationToken);
        var knowledge = SenderKnowledge.Read(db, mailbox, mails.Select(mail => mail.Address));
        var found = await FindAsync(mails, knowledge.Exemptions with { KnownSenders = new HashSet<string>() }, cancellationToken);
        return new MassMailTrialResult(
            mails.Count,
            BySender(found.Where(mail => !knowledge.Exemptions.KnownSenders.Contains(mail.Address.ToLowerInvariant()))),
            BySender(found.Where(mail => knowledge.IsCorrespondentOfTeam(mail.Address))));
    }

    /// <returns>Those that are mass mail.</returns>
    private async Task<IReadOnlyList<TrialMail>> FindAsync(List<TrialMail> mails, HeaderExemptions exemptions, CancellationToken cancellationToken)
    {
        var isMassMail = new bool[mails.Count];
        await Parallel.ForAsync(
            0, mails.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, token) => isMassMail[i] = await StoredHeader.ReadAsync(store, mails[i].Source, clock, token) is { } headers && HeaderRules.Find(headers, s_rule, exemptions).Count > 0);
        return [.. mails.Where((_, i) => isMassMail[i])];
    }

    private static IReadOnlyList<TrialSender> BySender(IEnumerable<TrialMail> mails) =>
    [
        .. from mail in mails
           group mail by mail.Address.ToLowerInvariant() into sender
           orderby sender.Count() descending, sender.Key
           select new TrialSender(sender.Key, sender.First().Name, sender.Count()),
    ];

    private sealed record TrialMail(string Address, string Name, StoredSource Source);
}
