using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sending;

public enum DeliveryState
{
    /// <summary>Waits for its undo time or the next attempt.</summary>
    Queued,

    /// <summary>Being handed to the server; found at start, it means we do not know whether the server took it.</summary>
    Sending,
    Sent,

    /// <summary>The server refused it for good, in words of its own.</summary>
    Rejected,

    /// <summary>Nobody can know whether the server took it (RFC 5321, section 4.5.3.2.6): settled by looking, or by a person.</summary>
    Uncertain,

    /// <summary>Taken back within the undo time.</summary>
    Cancelled,
}

public enum SentCopyState
{
    /// <summary>Not sent yet, or nothing to copy.</summary>
    None,
    Wanted,
    Done,
}

/// <summary>
/// A mail waiting to leave. Its bytes and Message-ID are fixed before the first attempt, so that
/// any repetition can be recognised.
/// </summary>
public sealed class OutgoingMessage : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required long TicketId { get; init; }

    /// <summary>The message that shows it in its ticket; its source is what is sent.</summary>
    public required long MessageId { get; init; }

    /// <summary>The draft it was made from; unique, so that two clicks make one mail.</summary>
    public required long DraftId { get; init; }

    public required string InternetMessageId { get; init; }

    /// <summary>0 for what is answered by itself.</summary>
    public required long AuthorId { get; init; }

    /// <summary>A program wrote it: its envelope names no sender, so that nothing ever answers it.</summary>
    public bool IsAutomatic => AuthorId == 0;

    public DeliveryState State { get; set; } = DeliveryState.Queued;

    /// <summary>Envelope recipients still to be handed over; one that was accepted is never repeated.</summary>
    public required IReadOnlyList<MailAddress> Recipients { get; set; }

    /// <summary>JSON: what the server said last to each address, <c>{"address":"250 2.1.5 OK"}</c>.</summary>
    public string Answers { get; set; } = "{}";

    /// <summary>The server's last words.</summary>
    public string? ServerText { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Not before this: the end of the undo time, or the next attempt.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    public int Attempts { get; set; }
    public DateTimeOffset? SentAt { get; set; }
    public SentCopyState SentCopy { get; set; }

    /// <summary>When the folder of sent mail is looked at next: to file the copy, or to find out whether an uncertain mail left. Null when it need not be.</summary>
    public DateTimeOffset? FilingAt { get; set; }

    /// <summary>In words, why the server would not take the copy into Sent; null when it did, or was not asked.</summary>
    public string? FilingRefusal { get; set; }

    /// <summary>How often it has been looked at.</summary>
    public int FilingAttempts { get; set; }

    public uint Version { get; set; }
}

internal sealed class OutgoingMessageConfiguration : IEntityTypeConfiguration<OutgoingMessage>
{
    public void Configure(EntityTypeBuilder<OutgoingMessage> outgoing)
    {
        outgoing.ToTable("outbox");
        outgoing.Property(o => o.Version).IsConcurrencyToken();
        outgoing.HasIndex(o => o.DraftId).IsUnique();
        outgoing.HasIndex(o => new { o.State, o.NextAttemptAt });
        outgoing.HasIndex(o => o.FilingAt).HasFilter("\"FilingAt\" IS NOT NULL");
        outgoing.HasIndex(o => o.TicketId);
        outgoing.HasIndex(o => o.MessageId);
        outgoing.HasOne<Mailbox>().WithMany().HasForeignKey(o => o.MailboxId).OnDelete(DeleteBehavior.Restrict);
        outgoing.HasOne<Message>().WithMany().HasForeignKey(o => o.MessageId).OnDelete(DeleteBehavior.Restrict);
    }
}
