using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>A question for the model.</summary>
/// <param name="PromptVersion">To be raised whenever the instructions change.</param>
internal sealed record AiQuestion(AiPurpose Purpose, string PromptVersion, string Instructions, string Data, long? MessageId = null);

/// <summary>Asks the model within its budget, and writes down what that cost.</summary>
internal sealed class AiAsking(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, LanguageModel model, TimeProvider clock)
{
    /// <param name="read">Takes the answer apart; null where it is not what was asked for.</param>
    public async Task<(AiOutcome Outcome, T? Answer)> AskAsync<T>(AiQuestion question, Func<string, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        AiSettings settings;
        await using (var db = await dbFactory.CreateDbContextAsync(cancellationToken))
        {
            settings = await AiSettings.ReadAsync(db, cancellationToken);
            var isSecond = question.Purpose is AiPurpose.SecondOpinion;
            if (!settings.IsUsable || (isSecond && !settings.SecondOpinion))
            {
                return (AiOutcome.Off, null);
            }

            if (await SpentTodayAsync(db, question.Purpose, clock, cancellationToken) >= (isSecond ? settings.SecondOpinionDailyTokens : settings.DailyTokens))
            {
                return (AiOutcome.OverBudget, null);
            }
        }

        var (answer, milliseconds) = await TimedAsync(settings, question, cancellationToken);
        var read1 = answer.Outcome is AiOutcome.Answered ? read(answer.Text) : null;
        var outcome = answer.Outcome is AiOutcome.Answered && read1 is null ? AiOutcome.Unreadable : answer.Outcome;
        await KeepAsync(settings, question, answer, outcome, milliseconds, cancellationToken);
        return (outcome, read1);
    }

    /// <summary>Asks with settings that are not saved yet.</summary>
    public async Task<(ModelAnswer Answer, int Milliseconds)> TryAsync(AiSettings settings, AiQuestion question, CancellationToken cancellationToken)
    {
        var (answer, milliseconds) = await TimedAsync(settings, question, cancellationToken);
        await KeepAsync(settings, question, answer, answer.Outcome, milliseconds, cancellationToken);
        return (answer, milliseconds);
    }

    /// <returns>Tokens, both ways.</returns>
    internal static async Task<long> SpentTodayAsync(EnneoDbContext db, AiPurpose purpose, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset today = new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        return await db.AiCalls.Where(c => c.Purpose == purpose && c.At >= today).SumAsync(c => c.InputTokens + c.OutputTokens, cancellationToken);
    }

    private async Task<(ModelAnswer Answer, int Milliseconds)> TimedAsync(AiSettings settings, AiQuestion question, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var answer = await model.AskAsync(settings, question.Instructions, question.Data, cancellationToken);
        return (answer, (int)clock.GetElapsedTime(started).TotalMilliseconds);
    }

    private Task KeepAsync(AiSettings settings, AiQuestion question, ModelAnswer answer, AiOutcome outcome, int milliseconds, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            db.AiCalls.Add(new AiCall
            {
                At = clock.GetUtcNow(),
                Purpose = question.Purpose,
                MessageId = question.MessageId,
                Model = settings.Model,
                PromptVersion = question.PromptVersion,
                InputTokens = answer.InputTokens,
                OutputTokens = answer.OutputTokens,
                Cost = settings.CostOf(answer.InputTokens, answer.OutputTokens),
                Currency = settings.Currency,
                Milliseconds = milliseconds,
                Outcome = outcome,
                Problem = answer.Problem,
            });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
