using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A mail as other thresholds would have judged it.</summary>
/// <param name="KnownSpam">What a person said of it; null where nobody did.</param>
public sealed record DryRunMail(long TicketId, long MailboxId, string From, string Subject, double Probability, bool WasSpam, bool WouldBeSpam, bool? KnownSpam);

/// <summary>What thresholds would have made of the mails that the model read last.</summary>
/// <param name="Spam">How many would have been spam.</param>
/// <param name="Suspicious">How many would have been shown with a warning.</param>
/// <param name="Wrong">Of those of which a person said what they are, how many would have been judged otherwise.</param>
/// <param name="Changed">The mails that would have been judged otherwise than they were.</param>
public sealed record DryRunResult(int Count, int Spam, int Suspicious, int Wrong, IReadOnlyList<DryRunMail> Changed);

/// <summary>
/// Tries thresholds on the mails that the model read last, by the probability that it gave them then, which is what it
/// really decided by. Only pages of admins call it.
/// </summary>
public sealed class SpamDryRun(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public const int Mails = 500;

    public async Task<DryRunResult> RunAsync(Reach reach, SpamSettings settings, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var read = await (
            from verdict in reach.Of(db.SpamVerdicts)
            where verdict.Stage == SpamStage.Model && verdict.Probability != null
            orderby verdict.JudgedAt descending, verdict.MessageId descending
            join message in db.Messages on verdict.MessageId equals message.Id
            select new
            {
                message.TicketId,
                message.MailboxId,
                message.FromAddress,
                message.Subject,
                Probability = verdict.Probability ?? 0,
                WasSpam = verdict.IsSpam == true,
                KnownSpam = db.SpamLessons.Where(l => l.MessageId == message.Id).Select(l => (bool?)l.IsSpam).FirstOrDefault(),
            }).Take(Mails).ToListAsync(cancellationToken);
        var mails = read.ConvertAll(mail => new DryRunMail(
            mail.TicketId, mail.MailboxId, mail.FromAddress, mail.Subject, mail.Probability, mail.WasSpam, settings.IsSpam(mail.Probability), mail.KnownSpam));
        return new DryRunResult(
            mails.Count,
            mails.Count(mail => mail.WouldBeSpam),
            mails.Count(mail => settings.IsSuspicious(mail.Probability)),
            mails.Count(mail => mail.KnownSpam is { } known && known != mail.WouldBeSpam),
            [.. mails.Where(mail => mail.WouldBeSpam != mail.WasSpam)]);
    }
}
