using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Spam.Model;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>Why a mail was called what it was.</summary>
public sealed record SpamFinding(
    long MessageId, SpamStage Stage, bool? IsSpam, HeaderRule? Rule, string Evidence, double? Probability, bool IsSuspicious, NotAsked? NotAsked, IReadOnlyList<Reason> Reasons, DateTimeOffset JudgedAt);

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
        return [.. verdicts.Select(v => new SpamFinding(
            v.MessageId, v.Stage, v.IsSpam, v.Rule, v.Evidence, v.Probability, v.IsSuspicious, v.NotAsked, SpamReasons.Read(v.Reasons), v.JudgedAt))];
    }
}
