using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>How somebody here answered a similar mail.</summary>
/// <param name="AnswerId">The message that answered it.</param>
/// <param name="Question">The first words of what was asked.</param>
/// <param name="Answer">Plain text, without quote and signature.</param>
/// <param name="Share">How similar the question is, 0 to 1.</param>
public sealed record SimilarAnswer(long TicketId, long MailboxId, long AnswerId, string Subject, string Question, string Answer, DateTimeOffset AnsweredAt, double Share);

/// <summary>Looks up how similar mails were answered: no model is needed for it, and nothing leaves.</summary>
public sealed class SimilarAnswers(IDbContextFactory<EnneoDbContext> dbFactory, SimilarMail similar, MessageReader reader)
{
    /// <summary>Less in common is chance.</summary>
    private const double LeastShare = .3;

    private const int Candidates = 40;
    private const int LongestAnswer = 4000;

    /// <returns>The most similar first, one for each conversation.</returns>
    public async Task<IReadOnlyList<SimilarAnswer>> FindAsync(Reach reach, long messageId, int limit, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var asked = await reach.Of(db.Messages.AsNoTracking())
            .Where(m => m.Id == messageId && m.Direction == MessageDirection.In)
            .Select(m => new { m.TicketId, m.Subject })
            .SingleOrDefaultAsync(cancellationToken);
        if (asked is null || await reader.FindAsync(reach, messageId, cancellationToken) is not { Unreadable: null } content)
        {
            return [];
        }

        var found = (await similar.FindAsync(reach, messageId, asked.Subject, CleanText.Of(content.Text, content.IsForward), Candidates, cancellationToken))
            .Where(message => message.Share >= LeastShare)
            .ToDictionary(message => message.MessageId, message => message.Share);
        var answered = await AnsweredAsync(db, reach, [.. found.Keys], asked.TicketId, cancellationToken);
        List<SimilarAnswer> answers = [];
        foreach (var pair in answered.OrderByDescending(pair => found[pair.QuestionId]).DistinctBy(pair => pair.TicketId))
        {
            if (answers.Count < limit && await TextOfAsync(reach, pair.AnswerId, cancellationToken) is { Length: > 0 } text && !answers.Exists(answer => answer.Answer == text))
            {
                answers.Add(new(pair.TicketId, pair.MailboxId, pair.AnswerId, pair.Subject, pair.Question, text, pair.AnsweredAt, found[pair.QuestionId]));
            }
        }

        return answers;
    }

    /// <summary>What people answered to those of them that are questions.</summary>
    private static async Task<List<Pair>> AnsweredAsync(EnneoDbContext db, Reach reach, List<long> ids, long exceptTicketId, CancellationToken cancellationToken)
    {
        var questions = await (
            from question in reach.Of(db.Messages)
            join ticket in db.Tickets on question.TicketId equals ticket.Id
            where ids.Contains(question.Id) && question.TicketId != exceptTicketId && question.Direction == MessageDirection.In && question.Automatic == AutomaticKind.None
                && ticket.LastSentAt != null && ticket.Place == TicketPlace.Desk
            select new
            {
                question.Id,
                question.TicketId,
                question.MailboxId,
                question.Subject,
                question.Snippet,
                AnswerId = db.Messages
                    .Where(m => m.TicketId == question.TicketId && m.Direction == MessageDirection.Out && m.Automatic == AutomaticKind.None && m.ReceivedAt >= question.ReceivedAt)
                    .OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id)
                    .Select(m => (long?)m.Id)
                    .FirstOrDefault(),
            }).ToListAsync(cancellationToken);
        var answerIds = questions.Select(question => question.AnswerId).ToList();
        var answeredAt = await db.Messages.Where(m => answerIds.Contains(m.Id)).ToDictionaryAsync(m => m.Id, m => m.ReceivedAt, cancellationToken);
        return
        [
            .. questions
                .Where(question => question.AnswerId is { } id && answeredAt.ContainsKey(id))
                .Select(question => new Pair(question.Id, question.TicketId, question.MailboxId, question.Subject, question.Snippet, question.AnswerId!.Value, answeredAt[question.AnswerId.Value])),
        ];
    }

    private async Task<string?> TextOfAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        MessageContent? content;
        try
        {
            content = await reader.FindAsync(reach, messageId, cancellationToken);
        }
        catch (CorruptSourceException)
        {
            return null; // one damaged answer leaves the others
        }

        if (content is not { Unreadable: null })
        {
            return null;
        }

        var text = CleanText.Unbroken(CleanText.Of(content.Text, content.IsForward));
        return text.Length > LongestAnswer ? text[..LongestAnswer] : text;
    }

    private sealed record Pair(long QuestionId, long TicketId, long MailboxId, string Subject, string Question, long AnswerId, DateTimeOffset AnsweredAt);
}
