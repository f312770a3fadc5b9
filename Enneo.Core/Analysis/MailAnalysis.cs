using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Analysis;

public enum AnalysisState
{
    /// <summary>The model has not read it yet.</summary>
    Waiting,
    Done,

    /// <summary>The model could not be asked, or said nothing that could be read.</summary>
    Failed,

    /// <summary>The day's budget was used up.</summary>
    OverBudget,
}

public enum Sentiment
{
    Positive,
    Neutral,
    Negative,
}

/// <summary>What the language model made of a mail.</summary>
public sealed class MailAnalysis : IInMailbox
{
    public required long MessageId { get; init; }
    public required long MailboxId { get; init; }
    public required AnalysisState State { get; set; }

    /// <summary>When the model is asked, again after a failure.</summary>
    public required DateTimeOffset DueAt { get; set; }

    public int Failures { get; set; }
    public string? Summary { get; set; }
    public Sentiment? Sentiment { get; set; }

    /// <summary>A drafted answer, as plain text; null where nothing answered before says enough.</summary>
    public string? Answer { get; set; }

    /// <summary>Our earlier answers from which it was drafted, by message.</summary>
    public List<long> SourceIds { get; set; } = [];

    public string Model { get; set; } = "";
    public string PromptVersion { get; set; } = "";
}

internal sealed class MailAnalysisConfiguration : IEntityTypeConfiguration<MailAnalysis>
{
    public void Configure(EntityTypeBuilder<MailAnalysis> analysis)
    {
        analysis.ToTable("mail_analyses");
        analysis.HasKey(a => a.MessageId);
        analysis.Property(a => a.MessageId).ValueGeneratedNever();
        analysis.Property(a => a.State).HasConversion<string>();
        analysis.Property(a => a.Sentiment).HasConversion<string>();
        analysis.PrimitiveCollection(a => a.SourceIds);
        analysis.HasOne<Message>().WithMany().HasForeignKey(a => a.MessageId).OnDelete(DeleteBehavior.Cascade);
        analysis.HasIndex(a => a.DueAt, "IX_mail_analyses_waiting").HasFilter("\"State\" = 'Waiting'");
    }
}
