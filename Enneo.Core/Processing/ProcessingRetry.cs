using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Processing;

/// <summary>Processes mails again from the first step that failed, when a person asks for it.</summary>
public sealed class ProcessingRetry(WriterLane lane, ProcessingSteps steps, TimeProvider clock)
{
    /// <returns>Whether there was anything to try again.</returns>
    public Task<bool> RunAsync(long ticketId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var known = steps.InOrder.Select(step => step.Name).ToList();
            var reach = await Reaches.OfAsync(db, actor, token);
            var failed = await reach.Of(db.ProcessingRuns)
                .Where(r => r.FinishedAt != null && db.Messages.Any(m => m.Id == r.MessageId && m.TicketId == ticketId))
                .Where(r => db.ProcessingRecords.Any(record => record.RunId == r.Id && record.Outcome == StepOutcome.Failed && known.Contains(record.Step)))
                .Where(r => !db.ProcessingRuns.Any(later => later.MessageId == r.MessageId && later.Id > r.Id))
                .OrderBy(r => r.Id)
                .Select(r => new { r.MailboxId, r.MessageId, r.Cause, Failed = db.ProcessingRecords.Where(record => record.RunId == r.Id && record.Outcome == StepOutcome.Failed).Select(record => record.Step).ToList() })
                .ToListAsync(token);
            foreach (var run in failed)
            {
                db.ProcessingRuns.Add(new ProcessingRun
                {
                    MailboxId = run.MailboxId,
                    MessageId = run.MessageId,
                    Cause = run.Cause is ProcessingCause.CalledClean ? ProcessingCause.CalledClean : ProcessingCause.Retry, // what was only to be proposed still is
                    NextStep = known.First(run.Failed.Contains),
                    CreatedAt = clock.GetUtcNow(),
                    DueAt = clock.GetUtcNow(),
                });
                db.Activity.Add(ActivityEntry.Of(ActivityKind.ProcessingRequested, actor, origin, clock, run.MailboxId, ticketId, run.MessageId));
            }

            await db.SaveChangesAsync(token);
            return failed.Count > 0;
        },
        cancellationToken);
}
