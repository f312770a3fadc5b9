using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Spam.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Spam;

/// <summary>Who judged a mail.</summary>
public enum SpamStage
{
    /// <summary>A rule about its header, as it came.</summary>
    Header,

    /// <summary>The mail server, which had put it into junk before it came here.</summary>
    Server,

    /// <summary>Its sender stands in a list that people keep.</summary>
    SenderList,

    /// <summary>The model, which read it.</summary>
    Model,
}

/// <summary>Why the model was not asked about a mail.</summary>
public enum NotAsked
{
    /// <summary>It is switched off for the mailbox, or for all.</summary>
    SwitchedOff,

    /// <summary>A person said what the conversation is.</summary>
    PersonDecided,

    /// <summary>Somebody here has answered in the conversation.</summary>
    Answered,

    /// <summary>Somebody here has written to its sender before.</summary>
    Correspondent,

    /// <summary>Its sender is trusted.</summary>
    TrustedSender,

    /// <summary>Its header, its server or a list had already said that it is spam.</summary>
    AlreadySpam,

    /// <summary>It cannot be read, which never makes it spam.</summary>
    Unreadable,
}

/// <summary>What was found about one mail, kept to be shown. The ticket's own status says what became of it.</summary>
public sealed class SpamVerdict : IInMailbox
{
    public required long MessageId { get; set; }
    public required long MailboxId { get; init; }
    public required SpamStage Stage { get; set; }

    /// <summary>Whether it was found to be spam; null where the model was not asked.</summary>
    public bool? IsSpam { get; set; }

    /// <summary>Only of <see cref="SpamStage.Header"/>.</summary>
    public HeaderRule? Rule { get; set; }

    /// <summary>What says so: of <see cref="SpamStage.Header"/> the field and its value, of <see cref="SpamStage.SenderList"/> the entry.</summary>
    public string Evidence { get; set; } = "";

    /// <summary>From the model: 0 to 1.</summary>
    public double? Probability { get; set; }

    /// <summary>What the model alone made of it, 0 to 1, where a language model's second opinion moved that; null where none did.</summary>
    public double? ProbabilityAlone { get; set; }

    /// <summary>The reason of that opinion, in the language model's own words, in which the mail itself had a say. Empty where it gave none.</summary>
    public string OpinionReason { get; set; } = "";

    /// <summary>Wanted by a narrow margin: it is shown with a warning.</summary>
    public bool IsSuspicious { get; set; }

    /// <summary>JSON: what weighed most, as <see cref="SpamReasons"/> writes it.</summary>
    public string Reasons { get; set; } = "[]";

    public NotAsked? NotAsked { get; set; }
    public required DateTimeOffset JudgedAt { get; set; }
}

internal sealed class SpamVerdictConfiguration : IEntityTypeConfiguration<SpamVerdict>
{
    public void Configure(EntityTypeBuilder<SpamVerdict> verdict)
    {
        verdict.ToTable("spam_verdicts");
        verdict.HasKey(v => v.MessageId);
        verdict.Property(v => v.MessageId).ValueGeneratedNever();
        verdict.Property(v => v.OpinionReason).HasDefaultValue("");
        verdict.HasOne<Message>().WithMany().HasForeignKey(v => v.MessageId).OnDelete(DeleteBehavior.Cascade);
        verdict.HasIndex(v => new { v.MailboxId, v.JudgedAt });
    }
}
