using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Processing;

/// <summary>Why a mail is processed.</summary>
public enum ProcessingCause
{
    /// <summary>It came in.</summary>
    Arrival,

    /// <summary>A person called its conversation clean: everything is found out again, and nothing done but proposed.</summary>
    CalledClean,

    /// <summary>A person asked to have what failed tried again.</summary>
    Retry,
}

/// <summary>
/// The way of one mail through the steps of <see cref="ProcessingSteps"/>. The row moves on in the transaction of each
/// step, so that a crash resumes behind the last one that was done.
/// </summary>
public sealed class ProcessingRun : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required long MessageId { get; init; }
    public required ProcessingCause Cause { get; init; }

    /// <summary>The name of the step that comes next; null before the first.</summary>
    public string? NextStep { get; set; }

    /// <summary>How often the next step has failed.</summary>
    public int Failures { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next step is due.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>Null while there are steps to do.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>How a step went.</summary>
public enum StepOutcome
{
    /// <summary>It ran; what it did stands in its details.</summary>
    Done,

    /// <summary>There was no reason to run it, which its details name.</summary>
    Skipped,

    /// <summary>It failed time and again, and the others went on without it.</summary>
    Failed,

    /// <summary>It found something to do, and leaves it to people.</summary>
    Proposed,
}

/// <summary>One step of a run, as it went: "what was done and why".</summary>
public sealed class ProcessingRecord
{
    public required long RunId { get; init; }

    /// <summary>The name of the step.</summary>
    public required string Step { get; init; }

    public required StepOutcome Outcome { get; init; }

    /// <summary>JSON, of the step's own shape.</summary>
    public string Details { get; init; } = "{}";

    public required DateTimeOffset At { get; init; }
}

internal sealed class ProcessingRunConfiguration : IEntityTypeConfiguration<ProcessingRun>
{
    public void Configure(EntityTypeBuilder<ProcessingRun> run)
    {
        run.ToTable("processing_runs");
        run.Property(r => r.Cause).HasConversion<string>();
        run.HasOne<Message>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
        run.HasIndex(r => r.MessageId);
        run.HasIndex(r => r.DueAt, "IX_processing_runs_due").HasFilter("\"FinishedAt\" IS NULL");
    }
}

internal sealed class ProcessingRecordConfiguration : IEntityTypeConfiguration<ProcessingRecord>
{
    public void Configure(EntityTypeBuilder<ProcessingRecord> record)
    {
        record.ToTable("processing_records");
        record.HasKey(r => new { r.RunId, r.Step });
        record.Property(r => r.Outcome).HasConversion<string>();
        record.HasOne<ProcessingRun>().WithMany().HasForeignKey(r => r.RunId).OnDelete(DeleteBehavior.Cascade);
    }
}
