using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Analysis;

/// <summary>
/// Has the language model read mails that wait for it, beside the other steps, so that a slow endpoint holds up nothing.
/// What it says fills a few fields that people read; it changes nothing else.
/// </summary>
public sealed partial class MailAnalysing
{
    private const string Origin = "analysis";
    private const int MostSources = 3;

    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10)];

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly AiAsking _asking;
    private readonly SimilarAnswers _similar;
    private readonly MessageReader _reader;
    private readonly TimeProvider _clock;
    private readonly ILogger<MailAnalysing> _logger;

    internal MailAnalysing(
        IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, AiAsking asking, SimilarAnswers similar, MessageReader reader, TimeProvider clock, ILogger<MailAnalysing> logger) =>
        (_dbFactory, _lane, _asking, _similar, _reader, _clock, _logger) = (dbFactory, lane, asking, similar, reader, clock, logger);

    /// <summary>Whether there is a model to ask.</summary>
    public async Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return (await AiSettings.ReadAsync(db, cancellationToken)).IsUsable;
    }

    /// <summary>Works off all that is due.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } messageId)
        {
            try
            {
                await AnalyseAsync(messageId, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                // One mail that cannot be read, for whatever reason, must not hold up the others.
                LogFailed(exception, messageId);
                await _lane.RunAsync((db, token) => WriteAsync(db, messageId, AiOutcome.Unreadable, null, token), cancellationToken);
            }
        }
    }

    /// <returns>When the next mail is due; null when none waits.</returns>
    public async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.MailAnalyses.Where(a => a.State == AnalysisState.Waiting).MinAsync(a => (DateTimeOffset?)a.DueAt, cancellationToken);
    }

    /// <summary>The other steps are done: says who deals with the ticket, and has the mail wait for the model if there is one. Within a transaction of the writer lane.</summary>
    internal async Task BeginAsync(EnneoDbContext db, Message message, bool asks, CancellationToken cancellationToken)
    {
        if (await db.Tickets.SingleOrDefaultAsync(t => db.Messages.Any(m => m.Id == message.Id && m.TicketId == t.Id), cancellationToken) is not { } ticket)
        {
            return;
        }

        var isAnswered = await db.AutomationRuns.AnyAsync(r => r.MessageId == message.Id && !r.IsProposed && r.Done.Contains(nameof(AutomationActionKind.Reply)), cancellationToken);
        var level = isAnswered ? AiSupportLevel.Automated : AiSupportLevel.Human;
        if (ticket.AiSupportLevel != level)
        {
            ticket.AiSupportLevel = level;
            ticket.Version++;
        }

        if (asks)
        {
            await EnqueueAsync(db, ticket, message.Id, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task EnqueueAsync(EnneoDbContext db, Ticket ticket, long messageId, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var analysis = await db.MailAnalyses.SingleOrDefaultAsync(a => a.MessageId == messageId, cancellationToken)
            ?? db.MailAnalyses.Add(new MailAnalysis { MessageId = messageId, MailboxId = ticket.MailboxId, State = AnalysisState.Waiting, DueAt = now }).Entity;
        (analysis.State, analysis.DueAt, analysis.Failures) = (AnalysisState.Waiting, now, 0);
        db.Activity.Add(ActivityEntry.Of(ActivityKind.AnalysisRequested, Actor.System, Origin, _clock, ticket.MailboxId, ticket.Id, messageId));
    }

    private async Task<long?> NextAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.MailAnalyses
            .Where(a => a.State == AnalysisState.Waiting && a.DueAt <= now)
            .OrderBy(a => a.DueAt).ThenBy(a => a.MessageId)
            .Select(a => (long?)a.MessageId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    private async Task AnalyseAsync(long messageId, CancellationToken cancellationToken)
    {
        if (await FindAsync(messageId, cancellationToken) is not var (mailboxId, subject) || await _reader.FindAsync(Reach.All, messageId, cancellationToken) is not { Unreadable: null } content)
        {
            await _lane.RunAsync((db, token) => db.MailAnalyses.Where(a => a.MessageId == messageId).ExecuteDeleteAsync(token), cancellationToken);
            return;
        }

        // Only answers of the same mailbox: a draft tells nobody what was written in another.
        var answered = await _similar.FindAsync(Reach.Of(mailboxId), messageId, MostSources, cancellationToken);
        var text = CleanText.Of(content.Text, content.IsForward);
        AiQuestion question = new(AiPurpose.Analysis, AnalysisPrompt.Version, AnalysisPrompt.Instructions, AnalysisPrompt.Data(subject, text, answered), messageId);
        var (outcome, answer) = await _asking.AskAsync(question, said => AnalysisPrompt.Read(said, answered), cancellationToken);
        await _lane.RunAsync((db, token) => WriteAsync(db, messageId, outcome, answer, token), cancellationToken);
    }

    /// <returns>Null where there is nothing to analyse any more: the mail went, or became spam.</returns>
    private async Task<(long MailboxId, string Subject)?> FindAsync(long messageId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var found = await db.Messages
            .Where(m => m.Id == messageId)
            .Join(db.Tickets, m => m.TicketId, t => t.Id, (m, t) => new { m.MailboxId, m.Subject, t.SpamStatus })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null || found.SpamStatus.IsSpam() ? null : (found.MailboxId, found.Subject);
    }

    private async Task WriteAsync(EnneoDbContext db, long messageId, AiOutcome outcome, AnalysisAnswer? answer, CancellationToken cancellationToken)
    {
        var analysis = await db.MailAnalyses.SingleOrDefaultAsync(a => a.MessageId == messageId && a.State == AnalysisState.Waiting, cancellationToken);
        var ticket = await db.Tickets.SingleOrDefaultAsync(t => db.Messages.Any(m => m.Id == messageId && m.TicketId == t.Id), cancellationToken);
        if (analysis is null || ticket is null)
        {
            return;
        }

        if (ticket.SpamStatus.IsSpam())
        {
            db.MailAnalyses.Remove(analysis); // it became spam while the model was asked
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        if (answer is null && outcome is not (AiOutcome.Off or AiOutcome.OverBudget) && analysis.Failures < s_pauses.Length)
        {
            analysis.DueAt = _clock.GetUtcNow() + s_pauses[analysis.Failures];
            analysis.Failures++;
            await db.SaveChangesAsync(cancellationToken);
            return;
        }

        analysis.State = answer is not null ? AnalysisState.Done : outcome is AiOutcome.OverBudget ? AnalysisState.OverBudget : AnalysisState.Failed;
        (analysis.Summary, analysis.Sentiment, analysis.Answer, analysis.SourceIds) = (answer?.Summary, answer?.Sentiment, answer?.Answer, [.. answer?.SourceIds ?? []]);
        analysis.PromptVersion = AnalysisPrompt.Version;
        analysis.Model = (await AiSettings.ReadAsync(db, cancellationToken)).Model;
        if (analysis.Answer is not null && ticket.AiSupportLevel is not AiSupportLevel.Automated)
        {
            ticket.AiSupportLevel = AiSupportLevel.Bot;
            ticket.Version++;
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.TicketAnalysed, Actor.System, Origin, _clock, ticket.MailboxId, ticket.Id, messageId));
        await db.SaveChangesAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Message {MessageId} could not be analysed")]
    private partial void LogFailed(Exception exception, long messageId);
}
