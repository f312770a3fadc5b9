using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

public enum ServerChangeKind
{
    /// <summary><c>\Seen</c>.</summary>
    Seen,

    /// <summary><c>\Flagged</c>, shown as a star.</summary>
    Flagged,

    /// <summary>Into <see cref="ServerChange.ToFolderId"/>, from wherever it lies.</summary>
    Move,

    /// <summary>Erased for good.</summary>
    Erase,
}

/// <summary>A change made here that the mail server must still learn: written with the change, removed when the server has it.</summary>
public sealed class ServerChange : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>The message whose copies on the server change.</summary>
    public required long MessageId { get; init; }

    public required ServerChangeKind Kind { get; init; }

    /// <summary>Whether the server shall show the flag; true for the kinds that are no flag.</summary>
    public bool Value { get; init; } = true;

    /// <summary>Only for <see cref="ServerChangeKind.Move"/>.</summary>
    public long? ToFolderId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How often the server refused it or its message could not be found.</summary>
    public int Attempts { get; set; }

    /// <summary>Not before this; null at once.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>In words, what the server said to the last attempt.</summary>
    public string? Refusal { get; set; }

    /// <summary>It was refused often enough: a person says whether it is tried again or undone here.</summary>
    public bool AwaitsPerson { get; set; }
}

internal sealed class ServerChangeConfiguration : IEntityTypeConfiguration<ServerChange>
{
    public void Configure(EntityTypeBuilder<ServerChange> change)
    {
        change.ToTable("server_changes");
        change.HasIndex(c => new { c.MessageId, c.Kind });
        change.HasIndex(c => new { c.MailboxId, c.Kind });
        change.HasOne<Mailbox>().WithMany().HasForeignKey(c => c.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
