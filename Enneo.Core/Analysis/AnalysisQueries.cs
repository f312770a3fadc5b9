using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>What is known of the mail that waits for an answer.</summary>
/// <param name="IsModelUsed">Whether a language model is set up at all.</param>
/// <param name="Analysis">What it made of the mail; null where it was not asked.</param>
/// <param name="Sources">The conversations from which its draft comes, of those that may be seen.</param>
/// <param name="Similar">How similar mails were answered.</param>
public sealed record TicketAnalysis(
    long MessageId, bool IsModelUsed, MailAnalysis? Analysis, IReadOnlyList<AnswerSource> Sources, IReadOnlyList<SimilarAnswer> Similar);

/// <summary>An answer of ours from which a draft was made.</summary>
public sealed record AnswerSource(long TicketId, long MessageId, string Subject, DateTimeOffset At);

/// <summary>The reads of what was found out about mails.</summary>
public sealed class AnalysisQueries(IDbContextFactory<EnneoDbContext> dbFactory, SimilarAnswers similar)
{
    private const int MostSimilar = 3;

    /// <returns>Of the newest mail that somebody sent in the conversation; null where there is none, where it was answered since, and of spam.</returns>
    public async Task<TicketAnalysis?> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var newest = await reach.Of(db.Messages)
            .Where(m => m.TicketId == ticketId && m.Direction != MessageDirection.Internal && m.Automatic == AutomaticKind.None)
            .Where(m => !db.Tickets.Any(t => t.Id == m.TicketId && (t.SpamStatus == SpamStatus.AutoSpam || t.SpamStatus == SpamStatus.AutoProgrammatic || t.SpamStatus == SpamStatus.ManualSpam)))
            .OrderByDescending(m => m.ReceivedAt).ThenByDescending(m => m.Id)
            .Select(m => new { m.Id, m.Direction })
            .FirstOrDefaultAsync(cancellationToken);
        if (newest is not { Direction: MessageDirection.In })
        {
            return null;
        }

        var isUsed = (await AiSettings.ReadAsync(db, cancellationToken)).IsUsable;
        var analysis = await reach.Of(db.MailAnalyses.AsNoTracking()).SingleOrDefaultAsync(a => a.MessageId == newest.Id, cancellationToken);
        var ids = analysis?.SourceIds ?? [];
        var sources = await reach.Of(db.Messages)
            .Where(m => ids.Contains(m.Id))
            .Select(m => new AnswerSource(m.TicketId, m.Id, m.Subject, m.ReceivedAt))
            .ToListAsync(cancellationToken);
        return new TicketAnalysis(newest.Id, isUsed, analysis, sources, await similar.FindAsync(reach, newest.Id, MostSimilar, cancellationToken));
    }
}
