using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Connected;

/// <summary>In what the two sides of a message differ.</summary>
public enum MessageDifference
{
    /// <summary>It says something else.</summary>
    Changed,

    /// <summary>It was deleted here.</summary>
    GoneHere,

    /// <summary>It was deleted there.</summary>
    GoneThere,
}

/// <summary>Which way a deletion goes by itself. Where it does not, an admin is asked.</summary>
public enum DeletionWay
{
    Never,

    /// <summary>From here to there.</summary>
    Out,
    Both,
}

/// <summary>A message that is in both systems, what both had last agreed on that it says, and in what they differ since.</summary>
public sealed class SyncedMessage
{
    public required long IntegrationId { get; init; }

    /// <summary>What the other system calls it.</summary>
    public required string ExternalId { get; init; }

    /// <summary>In which of its tickets it lies.</summary>
    public required string ExternalTicketId { get; set; }

    /// <summary>In which of its tickets it was when both had it in tickets that belong to each other; null before that.</summary>
    public string? AgreedIn { get; set; }

    /// <summary>Which of ours it is, also where that is gone.</summary>
    public required long MessageId { get; init; }

    /// <summary>What stood here, as a hash of its source; null for mail, which nobody changes.</summary>
    public string? Ours { get; set; }

    /// <summary>What stood there, as a hash; null for mail, and while it was not seen there.</summary>
    public string? Theirs { get; set; }

    /// <summary>The words of both, as a hash; null for mail.</summary>
    public string? Words { get; set; }

    /// <summary>The files of a note that are known here and there, as <see cref="FileMarks"/>; null for mail, and where that was not noted.</summary>
    public string? Files { get; set; }

    /// <summary>Null while there is none, or both are to be left as they are.</summary>
    public MessageDifference? Difference { get; set; }

    /// <summary>Since when they differ.</summary>
    public DateTimeOffset? DifferentAt { get; set; }

    /// <summary>The beginning of what is here, for whoever chooses.</summary>
    public string? OursShown { get; set; }

    /// <summary>The beginning of what is there.</summary>
    public string? TheirsShown { get; set; }

    /// <summary>What a person decided, and is done with the next exchange.</summary>
    public ConflictChoice? Choice { get; set; }

    /// <summary>It stays deleted on one side alone.</summary>
    public bool IsLeft { get; set; }

    /// <summary>Why it cannot be made the same, in words; where there is no difference to decide, what of it did not come here.</summary>
    public string? Problem { get; set; }

    /// <summary>All that an exchange may change of it, to see whether it did.</summary>
    internal (string, string?, string?, string?, string?, string?, MessageDifference?, string?, string?, ConflictChoice?, bool, string?) Told() =>
        (ExternalTicketId, AgreedIn, Ours, Theirs, Words, Files, Difference, OursShown, TheirsShown, Choice, IsLeft, Problem);

    /// <returns>False: nothing is to be done any more.</returns>
    internal bool Agree(string ours, string theirs, string words)
    {
        (Ours, Theirs, Words) = (ours, theirs, MessageWords.HashOf(words));
        Settle();
        return false;
    }

    /// <inheritdoc cref="Agree"/>
    internal bool Leave()
    {
        Settle();
        IsLeft = true;
        return false;
    }

    internal void Differ(MessageDifference difference, string? ours, string? theirs, string? problem, DateTimeOffset now)
    {
        DifferentAt = Difference == difference ? DifferentAt : now;
        (Difference, OursShown, TheirsShown, Problem) = (difference, ours is null ? null : MessageWords.Shown(ours), theirs is null ? null : MessageWords.Shown(theirs), problem);
    }

    /// <summary>Both are the same, or are to stay as they are. What of it did not come is still said.</summary>
    internal void Settle() => (Difference, DifferentAt, OursShown, TheirsShown, Choice, Problem) = (null, null, null, null, null, Difference is null ? Problem : null);
}

/// <summary>A ticket or a message is being given to another system that cannot tell by our name whether it has it already.</summary>
public sealed class OpeningAttempt
{
    public required long IntegrationId { get; init; }

    /// <summary>Ours, of the ticket or the message.</summary>
    public required string Name { get; init; }

    /// <summary>When it was tried first; of a message, when it was last not known how that ended.</summary>
    public required DateTimeOffset At { get; set; }
}

internal sealed class SyncedMessageConfiguration : IEntityTypeConfiguration<SyncedMessage>
{
    public void Configure(EntityTypeBuilder<SyncedMessage> message)
    {
        message.ToTable("integration_messages");
        message.HasKey(m => new { m.IntegrationId, m.ExternalId });
        message.Property(m => m.Difference).HasConversion<string>();
        message.Property(m => m.Choice).HasConversion<string>();
        message.HasIndex(m => new { m.IntegrationId, m.ExternalTicketId });
        message.HasIndex(m => m.DifferentAt).HasFilter("\"DifferentAt\" IS NOT NULL");
        message.HasOne<Integration>().WithMany().HasForeignKey(m => m.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class OpeningAttemptConfiguration : IEntityTypeConfiguration<OpeningAttempt>
{
    public void Configure(EntityTypeBuilder<OpeningAttempt> attempt)
    {
        attempt.ToTable("integration_openings");
        attempt.HasKey(a => new { a.IntegrationId, a.Name });
        attempt.HasOne<Integration>().WithMany().HasForeignKey(a => a.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
