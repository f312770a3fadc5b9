using Enneo.Core.Identity;

namespace Enneo.Core.Conditions;

/// <summary>A mail that conditions would have matched.</summary>
/// <param name="Because">The tests that hold.</param>
public sealed record TrialMatch(long MessageId, long TicketId, long MailboxId, string FromName, string FromAddress, string Subject, IReadOnlyList<ConditionTest> Because);

/// <param name="Tried">How many mails were looked at.</param>
/// <param name="Matches">Newest first.</param>
public sealed record TrialResult(int Tried, IReadOnlyList<TrialMatch> Matches);

/// <summary>What conditions would have matched of the mails that came last: by the very evaluation of the real run, and nothing is changed.</summary>
public sealed class ConditionTrial(MailFactsReading reading)
{
    public const int Tried = 500;

    /// <param name="mailboxIds">Only mail of these; none for all.</param>
    public async Task<TrialResult> RunAsync(
        Reach reach, ConditionGroup conditions, IReadOnlyCollection<long> mailboxIds, CancellationToken cancellationToken)
    {
        ConditionEvaluation evaluation = new(conditions);
        List<TrialMatch> matches = [];
        var tried = 0;
        await foreach (var mail in reading.NewestAsync(reach, mailboxIds, Tried, cancellationToken))
        {
            tried++;
            if (evaluation.Of(mail) is { Holds: true } outcome)
            {
                matches.Add(new(mail.MessageId, mail.TicketId, mail.MailboxId, mail.FromName, mail.FromAddress, mail.Subject, outcome.Because));
            }
        }

        return new TrialResult(tried, matches);
    }
}
