using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Hooks;

public enum HookOutcome
{
    /// <summary>It is being done, or was when the program ended.</summary>
    Begun,
    Done,

    /// <summary>It is not of those that are of interest.</summary>
    Ignored,

    /// <summary>The same was done before: answered as then, and not done again.</summary>
    Repeated,
    Refused,
}

/// <summary>A call that came in, and what became of it.</summary>
public sealed class HookCall
{
    /// <summary>Characters of a <see cref="Body"/> that is kept.</summary>
    public const int MaxBody = 256_000;

    public long Id { get; init; }
    public required long HookId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>From where it came, as an IP address.</summary>
    public required string? Address { get; init; }

    /// <summary>Whether it came from who knows the secret.</summary>
    public required bool IsProven { get; init; }

    /// <summary>By which a repetition is known; null where it cannot be, or may be done again.</summary>
    public string? MessageKey { get; set; }

    public required HookOutcome Outcome { get; set; }

    /// <summary>Of the HTTP answer; null while there is none.</summary>
    public int? Status { get; set; }

    /// <summary>Why it was refused, in words.</summary>
    public string? Problem { get; set; }

    public long? TicketId { get; set; }
    public long? MessageId { get; set; }

    /// <summary>Bytes of the body.</summary>
    public required int Size { get; init; }

    /// <summary>As it came; kept of the last calls only.</summary>
    public string? Body { get; set; }
}

internal sealed class HookCallConfiguration : IEntityTypeConfiguration<HookCall>
{
    public void Configure(EntityTypeBuilder<HookCall> call)
    {
        call.ToTable("hook_calls");
        call.Property(c => c.Outcome).HasConversion<string>();
        call.HasIndex(c => new { c.HookId, c.MessageKey }).IsUnique().HasFilter("\"MessageKey\" IS NOT NULL");
        call.HasIndex(c => new { c.HookId, c.IsProven, c.Id });
        call.HasIndex(c => c.At);
        call.HasOne<IncomingHook>().WithMany().HasForeignKey(c => c.HookId).OnDelete(DeleteBehavior.Cascade);
    }
}
