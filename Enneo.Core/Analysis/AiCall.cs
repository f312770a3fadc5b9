using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Analysis;

/// <summary>What the model was asked for.</summary>
public enum AiPurpose
{
    Analysis,
    SecondOpinion,

    /// <summary>An admin tries the settings.</summary>
    Trial,
}

/// <summary>How asking it ended.</summary>
public enum AiOutcome
{
    Answered,

    /// <summary>It is switched off, or not set up.</summary>
    Off,

    /// <summary>The day's budget is used up.</summary>
    OverBudget,
    TimedOut,

    /// <summary>The endpoint cannot be reached.</summary>
    Unreachable,

    /// <summary>The endpoint refused, as for a wrong key.</summary>
    Refused,

    /// <summary>It answered something else than it was asked for.</summary>
    Unreadable,
}

/// <summary>One question to the model: what it cost, and how it ended. Neither question nor answer is kept.</summary>
public sealed class AiCall
{
    public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required AiPurpose Purpose { get; init; }

    /// <summary>The mail that it was about; null for a trial.</summary>
    public long? MessageId { get; init; }

    public required string Model { get; init; }

    /// <summary>Which wording of the question.</summary>
    public required string PromptVersion { get; init; }

    public required long InputTokens { get; init; }
    public required long OutputTokens { get; init; }

    /// <summary>In millionths of <see cref="Currency"/>, by the prices of that day; null where nobody had said what a token costs.</summary>
    public long? Cost { get; init; }

    public string Currency { get; init; } = "";
    public required int Milliseconds { get; init; }
    public required AiOutcome Outcome { get; init; }

    /// <summary>The endpoint's own words, where it failed.</summary>
    public string? Problem { get; init; }
}

internal sealed class AiCallConfiguration : IEntityTypeConfiguration<AiCall>
{
    public void Configure(EntityTypeBuilder<AiCall> call)
    {
        call.ToTable("ai_calls");
        call.Property(c => c.Purpose).HasConversion<string>();
        call.Property(c => c.Outcome).HasConversion<string>();
        call.HasIndex(c => new { c.Purpose, c.At });
    }
}
