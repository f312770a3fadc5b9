using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Spam.Model;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>Why a mail was called what it was.</summary>
public sealed record SpamFinding(
    long MessageId, SpamStage Stage, bool? IsSpam, HeaderRule? Rule, string Evidence, double? Probability, bool IsSuspicious, NotAsked? NotAsked, IReadOnlyList<Reason> Reasons, DateTimeOffset JudgedAt)
{
    /// <summary>What the spam model alone made of it, where a second opinion moved that.</summary>
    public double? ProbabilityAlone { get; init; }

    /// <summary>The reason of the second opinion, in the language model's words.</summary>
    public string OpinionReason { get; init; } = "";
}

/// <summary>Why a conversation lies among spam.</summary>
/// <param name="Finding">What said so first; null where no stage did. What later mails were found to be hides nothing.</param>
/// <param name="Said">How a person said so last; null where none did.</param>
/// <param name="PersonId">Who that was, where it was said here.</param>
public sealed record HiddenBecause(long TicketId, SpamFinding? Finding, LessonSource? Said, long? PersonId);

/// <summary>The reads of what was found about mails.</summary>
public sealed class SpamQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>One for each message of the ticket that was judged, oldest first.</returns>
    public async Task<IReadOnlyList<SpamFinding>> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var verdicts = await reach.Of(db.SpamVerdicts)
            .Where(v => db.Messages.Any(m => m.Id == v.MessageId && m.TicketId == ticketId))
            .OrderBy(v => v.MessageId)
            .ToListAsync(cancellationToken);
        return [.. verdicts.Select(Of)];
    }

    /// <returns>Why conversations lie among spam, by one query for a whole page of a list; those of which nothing is known are left out.</returns>
    public async Task<IReadOnlyDictionary<long, HiddenBecause>> OfTicketsAsync(Reach reach, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken)
    {
        if (ticketIds.Count == 0)
        {
            return new Dictionary<long, HiddenBecause>();
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var rows = await (
            from message in reach.Of(db.Messages)
            where ticketIds.Contains(message.TicketId) && message.Direction == MessageDirection.In
            from verdict in db.SpamVerdicts.Where(v => v.MessageId == message.Id && v.IsSpam == true).DefaultIfEmpty()
            from lesson in db.SpamLessons.Where(l => l.MessageId == message.Id && l.IsSpam).DefaultIfEmpty()
            where verdict != null || lesson != null
            orderby message.Id
            select new { message.TicketId, Verdict = verdict, Said = lesson == null ? (LessonSource?)null : lesson.Source, PersonId = lesson == null ? null : lesson.UserId }).AsNoTracking().ToListAsync(cancellationToken);
        return rows.GroupBy(row => row.TicketId).ToDictionary(ticket => ticket.Key, ticket =>
        {
            var said = ticket.LastOrDefault(row => row.Said is not null);
            return new HiddenBecause(ticket.Key, ticket.FirstOrDefault(row => row.Verdict is not null)?.Verdict is { } verdict ? Of(verdict) : null, said?.Said, said?.PersonId);
        });
    }

    /// <returns>What says that a mail is spam which came into a conversation that is none: it does not hide that. Null for every other mail.</returns>
    public async Task<SpamFinding?> OfLaterMailAsync(Reach reach, long messageId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var verdict = await (
            from found in reach.Of(db.SpamVerdicts)
            join message in db.Messages on found.MessageId equals message.Id
            join ticket in db.Tickets on message.TicketId equals ticket.Id
            where message.Id == messageId && found.IsSpam == true
                && (ticket.SpamStatus == null || ticket.SpamStatus == SpamStatus.AutoClean || ticket.SpamStatus == SpamStatus.ManualClean)
                && db.Messages.Any(earlier => earlier.TicketId == ticket.Id && earlier.Id < messageId)
            select found).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return verdict is null ? null : Of(verdict);
    }

    private static SpamFinding Of(SpamVerdict v) => new(
        v.MessageId, v.Stage, v.IsSpam, v.Rule, v.Evidence, v.Probability, v.IsSuspicious, v.NotAsked, SpamReasons.Read(v.Reasons), v.JudgedAt)
    {
        ProbabilityAlone = v.ProbabilityAlone,
        OpinionReason = v.OpinionReason,
    };
}
