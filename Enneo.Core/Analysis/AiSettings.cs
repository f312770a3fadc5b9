using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>Which language model reads mail, and how much of it. Nothing leaves until an admin switches it on.</summary>
public sealed record AiSettings
{
    internal const string Name = "ai";

    public bool IsEnabled { get; init; }

    /// <summary>The base address of an OpenAI-compatible API, such as <c>https://api.openai.com/v1</c> or <c>http://localhost:11434/v1</c>.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>As the endpoint names it.</summary>
    public string Model { get; init; } = "";

    /// <summary>Encrypted; empty for none.</summary>
    public string ProtectedKey { get; init; } = "";

    /// <summary>The endpoint may lie in a private network, and then be reached without TLS.</summary>
    public bool MayBePrivate { get; init; }

    /// <summary>Tokens that may be used in a day (UTC), both ways, for analysing mail.</summary>
    public int DailyTokens { get; init; } = 200_000;

    public int TimeoutSeconds { get; init; } = 20;

    /// <summary>Whether the model is asked about mails of which the spam model is unsure.</summary>
    public bool SecondOpinion { get; init; }

    /// <summary>Tokens that may be used in a day for that.</summary>
    public int SecondOpinionDailyTokens { get; init; } = 50_000;

    /// <summary>What the account at the endpoint pays for a million tokens that it reads; 0 where nobody said.</summary>
    public decimal InputPrice { get; init; }

    /// <summary>Likewise for those that it writes.</summary>
    public decimal OutputPrice { get; init; }

    /// <summary>The account's, in which the prices are, such as EUR.</summary>
    public string Currency { get; init; } = "";

    public bool IsUsable => IsEnabled && Endpoint.Length > 0 && Model.Length > 0;

    /// <returns>In millionths of the currency; null where the price is not known.</returns>
    internal long? CostOf(long inputTokens, long outputTokens) =>
        (inputTokens > 0 && InputPrice == 0) || (outputTokens > 0 && OutputPrice == 0) ? null : (long)Math.Round((inputTokens * InputPrice) + (outputTokens * OutputPrice));

    internal static async Task<AiSettings> ReadAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is null ? new AiSettings() : JsonSerializer.Deserialize<AiSettings>(value) ?? new AiSettings();
    }
}
