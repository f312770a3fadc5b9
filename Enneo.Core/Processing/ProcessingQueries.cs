using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Processing;

/// <summary>What was done with a mail.</summary>
/// <param name="NextStep">What comes next; null where nothing does, or where it has not begun.</param>
/// <param name="IsFinished">There is nothing more to do.</param>
public sealed record ProcessedRun(
    long Id, long MessageId, ProcessingCause Cause, string? NextStep, int Failures, DateTimeOffset CreatedAt, DateTimeOffset DueAt, bool IsFinished, IReadOnlyList<ProcessingRecord> Records);

/// <summary>The reads of what was done with mails, and why.</summary>
public sealed class ProcessingQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Each run of the ticket's mails, oldest first, with its steps in the order in which they were taken.</returns>
    public async Task<IReadOnlyList<ProcessedRun>> OfTicketAsync(Reach reach, long ticketId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var runs = await reach.Of(db.ProcessingRuns)
            .Where(r => db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId))
            .OrderBy(r => r.Id)
            .ToListAsync(cancellationToken);
        var ids = runs.ConvertAll(run => run.Id);
        var records = (await db.ProcessingRecords.Where(r => ids.Contains(r.RunId)).OrderBy(r => r.At).ToListAsync(cancellationToken)).ToLookup(record => record.RunId);
        return [.. runs.Select(run => new ProcessedRun(
            run.Id, run.MessageId, run.Cause, run.NextStep, run.Failures, run.CreatedAt, run.DueAt, run.FinishedAt is not null, [.. records[run.Id]]))];
    }
}
