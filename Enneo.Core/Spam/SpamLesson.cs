using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Spam;

/// <summary>How it became known what a mail is.</summary>
public enum LessonSource
{
    /// <summary>A person said so here.</summary>
    Person,

    /// <summary>A person moved it in another mail program.</summary>
    OtherClient,

    /// <summary>A person answered it, which nobody does with spam.</summary>
    Answer,
}

/// <summary>A mail of which is known whether it is spam. Kept, so that undoing one and a new model can learn all the others again, in their order.</summary>
public sealed class SpamLesson : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required long MessageId { get; init; }
    public required bool IsSpam { get; set; }
    public required LessonSource Source { get; set; }
    public long? UserId { get; set; }
    public required DateTimeOffset At { get; set; }

    /// <summary>What the model thought before it learned this; null until then, and where it could not read the mail.</summary>
    public double? ProbabilityBefore { get; set; }

    /// <summary>Null until it was learned.</summary>
    public DateTimeOffset? LearnedAt { get; set; }
}

/// <summary>The one row of what the model learned here.</summary>
public sealed class LearnedWeights
{
    public const long OnlyId = 1;

    public long Id { get; init; } = OnlyId;

    /// <summary>SHA-256 of the model file beside which it was learned, in hex.</summary>
    public required string Model { get; set; }

    /// <summary>As <see cref="Model.LocalWeights.ToBytes"/> writes them.</summary>
    public required byte[] Weights { get; set; }

    /// <summary>JSON: those of the last updates.</summary>
    public required string LastSenders { get; set; }

    /// <summary>A lesson was taken back: all the others are to be learned again.</summary>
    public bool IsStale { get; set; }
}

internal sealed class SpamLessonConfiguration : IEntityTypeConfiguration<SpamLesson>
{
    public void Configure(EntityTypeBuilder<SpamLesson> lesson)
    {
        lesson.ToTable("spam_lessons");
        lesson.HasOne<Message>().WithMany().HasForeignKey(l => l.MessageId).OnDelete(DeleteBehavior.Cascade);
        lesson.HasIndex(l => l.MessageId).IsUnique();
        lesson.HasIndex(l => l.Id, "IX_spam_lessons_new").HasFilter("\"LearnedAt\" IS NULL");
    }
}

internal sealed class LearnedWeightsConfiguration : IEntityTypeConfiguration<LearnedWeights>
{
    public void Configure(EntityTypeBuilder<LearnedWeights> weights)
    {
        weights.ToTable("spam_learned");
        weights.Property(w => w.Id).ValueGeneratedNever();
    }
}
