using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Processing;

/// <summary>
/// Takes the mails that wait through the steps, in the order in which they came; those of different tickets take their
/// first step together. A step that fails is tried again later without holding up other mails; in the end the mail goes
/// on without it. One that takes long, since it waits for another server, holds up its own ticket only.
/// </summary>
public sealed partial class MailProcessing(
    IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageStore store, MessageParser parser, ProcessingSteps steps, TimeProvider clock, ILogger<MailProcessing> logger)
{
    private readonly Func<EnneoDbContext, CancellationToken, Task<DateTimeOffset?>> _nextDue = EF.CompileAsyncQuery(
        (EnneoDbContext db, CancellationToken cancellationToken) => db.ProcessingRuns.Where(r => r.FinishedAt == null).Min(r => (DateTimeOffset?)r.DueAt));

    /// <summary>After as many failures of one step the others go on.</summary>
    private const int MaxFailures = 4;

    private const int MostTogether = 8;

    /// <summary>So many of the waiting ones are looked through for mails of different tickets.</summary>
    private const int MostLookedAt = 64;

    /// <summary>So many steps that take long go on beside the others.</summary>
    private const int MostSlow = 32;

    /// <summary>After as long the others go on.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    /// <summary>While slow steps go on, mails that come in are looked for as often.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);

    /// <summary>Due for so long already, it comes before all that waits.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromDays(1);

    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)];

    /// <summary>Within a transaction of the writer lane.</summary>
    /// <param name="messageIds">Oldest first.</param>
    internal static void Enqueue(
        EnneoDbContext db, long mailboxId, IEnumerable<long> messageIds, ProcessingCause cause, TimeProvider clock, ProcessingPace pace = ProcessingPace.Batch)
    {
        if (pace is ProcessingPace.Never)
        {
            return;
        }

        var now = clock.GetUtcNow();
        db.ProcessingRuns.AddRange(messageIds.Select(id => new ProcessingRun
        {
            MailboxId = mailboxId,
            MessageId = id,
            Cause = cause,
            CreatedAt = now,
            DueAt = pace is ProcessingPace.Realtime ? now - s_ahead : now,
        }));
    }

    /// <summary>Drops what was still to be done for tickets, since a person decided otherwise. Within a transaction of the writer lane.</summary>
    /// <returns>What <see cref="ResumeAsync"/> takes.</returns>
    internal static async Task<IReadOnlyList<long>> CancelAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var runs = await db.ProcessingRuns
            .Where(r => r.FinishedAt == null && db.Messages.Any(m => m.Id == r.MessageId && ticketIds.Contains(m.TicketId)))
            .Select(r => r.Id)
            .ToListAsync(cancellationToken);
        await db.ProcessingRuns.Where(r => runs.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.FinishedAt, now), cancellationToken);
        return runs;
    }

    /// <summary>What was dropped goes on from the step at which it stood: the person takes the decision back. Within a transaction of the writer lane.</summary>
    internal static Task ResumeAsync(EnneoDbContext db, IReadOnlyCollection<long> runs, CancellationToken cancellationToken) =>
        db.ProcessingRuns.Where(r => runs.Contains(r.Id)).ExecuteUpdateAsync(set => set.SetProperty(r => r.FinishedAt, (DateTimeOffset?)null), cancellationToken);

    /// <summary>Works off all that is due.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        Dictionary<long, Task> slow = []; // by ticket, since the mails of one keep their order
        try
        {
            while (await NextAsync(slow.Keys, cancellationToken) is var due && (due.Count > 0 || slow.Count > 0))
            {
                await (due.Count > 0 ? TakeAsync(due, slow, cancellationToken) : Task.WhenAny([.. slow.Values, Task.Delay(s_look, clock, cancellationToken)]));
                foreach (var (ticketId, step) in slow.Where(step => step.Value.IsCompleted).ToList())
                {
                    slow.Remove(ticketId);
                    await step;
                }
            }
        }
        finally
        {
            await Task.WhenAll(slow.Values);
        }
    }

    /// <returns>When the next step is due; null when nothing waits.</returns>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await _nextDue(db, cancellationToken);
    }

    /// <returns>
    /// Those that take their next step together: mails of different tickets at their first one, since whether a mail is spam
    /// is what people wait for; else a single one.
    /// </returns>
    /// <param name="busy">Tickets whose mails wait for a slow step.</param>
    private async Task<IReadOnlyList<DueRun>> NextAsync(IReadOnlyCollection<long> busy, CancellationToken cancellationToken)
    {
        if (busy.Count >= MostSlow)
        {
            return [];
        }

        var now = clock.GetUtcNow();
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var due = await (
            from run in db.ProcessingRuns
            where run.FinishedAt == null && run.DueAt <= now
            join message in db.Messages on run.MessageId equals message.Id
            where !busy.Contains(message.TicketId)
            orderby run.NextStep != null, run.DueAt, run.Id
            select new DueRun(run, message.TicketId)).AsNoTracking().Take(MostLookedAt).ToListAsync(cancellationToken);
        return due is not [{ Run.NextStep: null }, ..]
            ? [.. due.Take(1)]
            : [.. due.TakeWhile(next => next.Run.NextStep is null).DistinctBy(next => next.TicketId).Take(MostTogether)];
    }

    /// <summary>What they find is written without waiting for one another, so that the writer lane can commit it together.</summary>
    private async Task TakeAsync(IReadOnlyList<DueRun> due, Dictionary<long, Task> slow, CancellationToken cancellationToken)
    {
        var attempts = due.Select(next => (next.TicketId, Attempt: Task.Run(() => AttemptAsync(next.Run, cancellationToken), cancellationToken))).ToList();
        try
        {
            await Task.WhenAll(attempts.Select(attempt => attempt.Attempt)).WaitAsync(s_patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            foreach (var (ticketId, attempt) in attempts.FindAll(attempt => !attempt.Attempt.IsCompleted))
            {
                slow.Add(ticketId, SettleAsync(attempt, cancellationToken));
            }
        }

        await Task.WhenAll(attempts.Where(attempt => !slow.ContainsKey(attempt.TicketId)).Select(attempt => SettleAsync(attempt.Attempt, cancellationToken)));
    }

    private async Task SettleAsync(Task<StepAttempt> attempt, CancellationToken cancellationToken) => await SettleAsync(await attempt, cancellationToken);

    private async Task<StepAttempt> AttemptAsync(ProcessingRun run, CancellationToken cancellationToken)
    {
        if (steps.Find(run.NextStep) is not { } step)
        {
            return new StepAttempt(run, null, null, null);
        }

        try
        {
            return new StepAttempt(run, step, await FindAsync(run, step, cancellationToken), null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // One mail that makes a step fail, for whatever reason, must hold up neither the others nor its own way.
            return new StepAttempt(run, step, null, exception);
        }
    }

    private async Task SettleAsync(StepAttempt attempt, CancellationToken cancellationToken)
    {
        var (run, step, finding, problem) = attempt;
        if (step is null)
        {
            await lane.RunAsync((db, token) => MoveOnAsync(db, run.Id, step: null, token), cancellationToken);
            return;
        }

        try
        {
            if (finding is not null)
            {
                await lane.RunAsync((db, token) => WriteAsync(db, run.Id, step, finding, token), cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            problem = exception;
        }

        if (problem is not null)
        {
            LogFailed(problem, step.Name, run.MessageId, run.Failures + 1);
            await lane.RunAsync((db, token) => FailAsync(db, run.Id, step, problem.Message, token), cancellationToken);
        }
    }

    private async Task<StepFinding> FindAsync(ProcessingRun run, IProcessingStep step, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var found = await (
            from message in db.Messages
            join ticket in db.Tickets on message.TicketId equals ticket.Id
            join mailbox in db.Mailboxes on message.MailboxId equals mailbox.Id
            join source in db.Sources on message.SourceId equals source.Id
            where message.Id == run.MessageId
            select new { message, mailbox, source, ticket.SpamStatus }).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return new StepFinding(StepOutcome.Skipped, new { because = SkipReason.Gone });
        }

        if (found.SpamStatus.IsSpam() && !step.IsForSpam)
        {
            return new StepFinding(StepOutcome.Skipped, new { because = SkipReason.Spam });
        }

        if (run.Cause is ProcessingCause.CalledClean && !step.IsForReprocessing)
        {
            return new StepFinding(StepOutcome.Skipped, new { because = SkipReason.CalledClean });
        }

        using ProcessedMail mail = new(run, found.message, found.mailbox, found.source, store, parser);
        return await step.RunAsync(mail, cancellationToken);
    }

    private async Task WriteAsync(EnneoDbContext db, long runId, IProcessingStep step, StepFinding finding, CancellationToken cancellationToken)
    {
        if (!await MoveOnAsync(db, runId, step, cancellationToken))
        {
            return; // somebody called it off meanwhile
        }

        if (finding.Write is { } write)
        {
            await write(db, cancellationToken);
        }

        db.ProcessingRecords.Add(new ProcessingRecord { RunId = runId, Step = step.Name, Outcome = finding.Outcome, Details = finding.Json, At = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>False when the run is over, or is not at this step any more.</returns>
    private async Task<bool> MoveOnAsync(EnneoDbContext db, long runId, IProcessingStep? step, CancellationToken cancellationToken)
    {
        var run = await db.ProcessingRuns.SingleOrDefaultAsync(r => r.Id == runId && r.FinishedAt == null, cancellationToken);
        if (run is null || (step is not null && steps.Find(run.NextStep) != step))
        {
            return false;
        }

        var next = step is null ? null : steps.After(step);
        (run.NextStep, run.Failures) = (next?.Name, 0);
        run.FinishedAt = next is null ? clock.GetUtcNow() : null;
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    private async Task FailAsync(EnneoDbContext db, long runId, IProcessingStep step, string message, CancellationToken cancellationToken)
    {
        if (await db.ProcessingRuns.SingleOrDefaultAsync(r => r.Id == runId && r.FinishedAt == null, cancellationToken) is not { } run)
        {
            return;
        }

        run.Failures++;
        if (run.Failures >= MaxFailures)
        {
            await WriteAsync(db, runId, step, new StepFinding(StepOutcome.Failed, new { message }), cancellationToken);
            return;
        }

        run.NextStep = step.Name;
        run.DueAt = clock.GetUtcNow() + s_pauses[run.Failures - 1];
        await db.SaveChangesAsync(cancellationToken);
    }

    private sealed record DueRun(ProcessingRun Run, long TicketId);

    /// <param name="Step">Null for one that there is no more.</param>
    private sealed record StepAttempt(ProcessingRun Run, IProcessingStep? Step, StepFinding? Finding, Exception? Problem);

    [LoggerMessage(LogLevel.Warning, "Step {Step} failed for message {MessageId}, time {Failures}")]
    private partial void LogFailed(Exception exception, string step, long messageId, int failures);
}
