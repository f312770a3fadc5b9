using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>A mail on which thresholds are tried.</summary>
/// <param name="Probability">What the model gave it when it came, or gives it now where it was not asked then.</param>
/// <param name="WasSpam">The model hid it.</param>
/// <param name="KnownSpam">What a person said of it; null where nobody did.</param>
public sealed record TrialMail(long MessageId, long TicketId, string From, string Subject, double Probability, bool WasSpam, bool? KnownSpam);

/// <summary>The mails that came last, as the model sees them.</summary>
/// <param name="ReadNow">How many of them it had not read before.</param>
/// <param name="LeftAlone">Of how many it is not asked: their senders are known, trusted or blocked, their conversation had an answer, or another rule had found them.</param>
/// <param name="Unreadable">How many cannot be read.</param>
public sealed record TrialMails(IReadOnlyList<TrialMail> Mails, int ReadNow, int LeftAlone, int Unreadable)
{
    public int Looked => Mails.Count + LeftAlone + Unreadable;
}

/// <summary>
/// Reads the mails that came last for a trial of thresholds, history among them: where the model decided, by the
/// probability by which it did; elsewhere the model reads them now. Nothing is written. Only pages of admins call it.
/// </summary>
public sealed class SpamTrial(IDbContextFactory<EnneoDbContext> dbFactory, MessageStore store, SpamLearning learning)
{
    public const int Mails = 500;

    /// <param name="progress">Told of how many mails are done and how many there are, from any thread.</param>
    public async Task<TrialMails> ReadAsync(Reach reach, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var candidates = await NewestAsync(db, reach, cancellationToken);
        var known = await KnownAsync(db, candidates, cancellationToken);
        List<TrialMail> mails = [];
        var (readNow, leftAlone, done) = (0, 0, 0);
        foreach (var candidate in candidates)
        {
            var given = candidate switch
            {
                { Verdict: { Stage: SpamStage.Model, Probability: { } judged } } => judged,
                { IsLeftAlone: true } => null,
                _ => candidate.Verdict?.Probability ?? candidate.ProbabilityBefore,
            };
            if (given is null && (candidate.IsLeftAlone || known.Contains(candidate.Message.Id)))
            {
                leftAlone++;
            }
            else if ((given ?? await JudgeAsync(candidate, cancellationToken)) is { } probability)
            {
                readNow += given is null ? 1 : 0;
                mails.Add(candidate.With(probability));
            }

            progress?.Invoke(++done, candidates.Count);
        }

        return new TrialMails(mails, readNow, leftAlone, candidates.Count - mails.Count - leftAlone);
    }

    private static Task<List<Candidate>> NewestAsync(EnneoDbContext db, Reach reach, CancellationToken cancellationToken) => (
        from message in reach.Of(db.Messages)
        where message.Direction == MessageDirection.In && message.Unreadable == null
        orderby message.ReceivedAt descending, message.Id descending
        join source in db.Sources on message.SourceId equals source.Id
        from verdict in db.SpamVerdicts.Where(v => v.MessageId == message.Id).DefaultIfEmpty()
        from lesson in db.SpamLessons.Where(l => l.MessageId == message.Id).DefaultIfEmpty()
        select new Candidate
        {
            Message = message,
            Source = source,
            Verdict = verdict,
            KnownSpam = lesson == null ? null : lesson.IsSpam,
            ProbabilityBefore = lesson == null ? null : lesson.ProbabilityBefore,
            WasAnswered = db.Messages.Any(m => m.TicketId == message.TicketId && m.ReceivedAt < message.ReceivedAt && m.Direction == MessageDirection.Out),
        }).AsNoTracking().Take(Mails).ToListAsync(cancellationToken);

    /// <returns>Those whose senders say enough.</returns>
    private static async Task<HashSet<long>> KnownAsync(EnneoDbContext db, List<Candidate> candidates, CancellationToken cancellationToken)
    {
        HashSet<long> known = [];
        foreach (var together in candidates.GroupBy(candidate => candidate.Message.MailboxId))
        {
            var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == together.Key, cancellationToken);
            var knowledge = SenderKnowledge.Read(db, mailbox, together.Select(candidate => candidate.Message.FromAddress));
            known.UnionWith(together.Select(candidate => candidate.Message)
                .Where(mail => knowledge.IsTrusted(mail.FromAddress) || knowledge.IsCorrespondent(mail.FromAddress) || knowledge.FindBlocking(mail.FromAddress) is not null)
                .Select(mail => mail.Id));
        }

        return known;
    }

    /// <returns>Null where it cannot be read, which never makes it spam.</returns>
    private async Task<double?> JudgeAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        try
        {
            using var raw = await store.OpenAsync(candidate.Source, cancellationToken);
            return (await learning.JudgeAsync(raw, cancellationToken))?.Probability;
        }
        catch (Exception exception) when (exception is CorruptSourceException or IOException)
        {
            return null;
        }
    }

    private sealed class Candidate
    {
        public required Message Message { get; init; }
        public required StoredSource Source { get; init; }
        public SpamVerdict? Verdict { get; init; }
        public bool? KnownSpam { get; init; }
        public double? ProbabilityBefore { get; init; }
        public bool WasAnswered { get; init; }

        public bool IsLeftAlone => WasAnswered || Verdict is { Stage: not SpamStage.Model, IsSpam: true } or { NotAsked: Spam.NotAsked.Answered or Spam.NotAsked.AlreadySpam };

        public TrialMail With(double probability) =>
            new(Message.Id, Message.TicketId, Message.FromAddress, Message.Subject, probability, Verdict is { Stage: SpamStage.Model, IsSpam: true }, KnownSpam);
    }
}
