using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>What asking the model took in a day (UTC).</summary>
/// <param name="Tokens">Both ways.</param>
/// <param name="Cost">In the account's currency, of the questions of which it is known.</param>
/// <param name="Unpriced">Questions of which it is not.</param>
public sealed record AiSpent(long Tokens, decimal Cost, int Unpriced)
{
    private const decimal Million = 1_000_000;

    /// <summary>Of one question, in its currency; null where it is not known.</summary>
    public static decimal? CostOf(AiCall call) => call.Cost / Million;

    internal static async Task<AiSpent> TodayAsync(EnneoDbContext db, AiPurpose purpose, string currency, TimeProvider clock, CancellationToken cancellationToken)
    {
        DateTimeOffset today = new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        var calls = db.AiCalls.Where(c => c.Purpose == purpose && c.At >= today);
        return new AiSpent(
            await calls.SumAsync(c => c.InputTokens + c.OutputTokens, cancellationToken),
            await calls.Where(c => c.Currency == currency).SumAsync(c => c.Cost ?? 0, cancellationToken) / Million,
            await calls.CountAsync(c => c.Cost == null || c.Currency != currency, cancellationToken));
    }
}
