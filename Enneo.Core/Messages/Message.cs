using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Messages;

public enum MessageDirection
{
    In,
    Out,

    /// <summary>A note: one of us wrote it for the others, and it never leaves.</summary>
    Internal,
}

/// <summary>Whether a program wrote the mail; such mail attaches to its thread and reopens nothing.</summary>
public enum AutomaticKind
{
    None,

    /// <summary>RFC 3834: out of office and the like.</summary>
    AutoReply,

    /// <summary>RFC 3464: a delivery report.</summary>
    Bounce,

    /// <summary>A mailing list or bulk mail (RFC 2369, Precedence).</summary>
    Bulk,
}

/// <summary>Why a message lies in its ticket; shown as "Why is this here?".</summary>
public enum ThreadRule
{
    /// <summary>Nothing linked it to an earlier mail.</summary>
    NewThread,

    /// <summary>It answers a message of the ticket (In-Reply-To, References).</summary>
    References,

    /// <summary>A message of the ticket answers it; it came in later because history comes newest first.</summary>
    ReferencedBy,

    /// <summary>It carries the token that we signed into what we sent.</summary>
    SignedToken,

    /// <summary>It returns the Message-ID of a mail that we sent.</summary>
    Bounce,

    /// <summary>It quotes ids of another ticket, but its sender takes no part there: a thread of its own, linked to that one.</summary>
    StrangerQuotedIds,

    /// <summary>We wrote it in this ticket.</summary>
    WrittenHere,

    /// <summary>Another system put it into this ticket.</summary>
    ByProgram,
}

/// <summary>
/// One mail: what lists and threading need. Everything else is read from its source, which is the truth.
/// </summary>
public sealed class Message : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public long TicketId { get; set; }

    /// <summary>Null only while an answer written here has not been composed.</summary>
    public long? SourceId { get; init; }

    /// <summary>SHA-256 of the source: the same bytes within one mailbox are one message.</summary>
    public byte[]? Sha256 { get; init; }

    public required MessageDirection Direction { get; init; }

    /// <summary>The Message-ID header without brackets; empty if it has none. Never an identity: senders repeat and forge it.</summary>
    public string InternetMessageId { get; init; } = "";

    public string InReplyTo { get; init; } = "";
    public required string Subject { get; init; }
    public string FromName { get; init; } = "";
    public string FromAddress { get; init; } = "";
    public IReadOnlyList<MailAddress> ReplyTo { get; init; } = [];
    public IReadOnlyList<MailAddress> To { get; init; } = [];
    public IReadOnlyList<MailAddress> Cc { get; init; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; init; } = [];

    /// <summary>The Date header: what the sender claims; null when missing or unreadable.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>INTERNALDATE, or when it was sent from here: what lists are sorted by.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The mailbox's <c>\Seen</c>, shared by everybody.</summary>
    public bool IsSeen { get; set; }

    /// <summary>The mailbox's <c>\Flagged</c>, shared by everybody and shown as a star.</summary>
    public bool IsFlagged { get; set; }

    public bool HasAttachments { get; init; }

    /// <summary>The first words of the text, for the list.</summary>
    public string Snippet { get; init; } = "";

    /// <summary>Bytes of the source.</summary>
    public long Size { get; init; }

    public AutomaticKind Automatic { get; init; }

    /// <summary>It was on the server before its mailbox was connected: it announces nothing.</summary>
    public bool IsHistory { get; init; }

    public ThreadRule ThreadRule { get; set; }

    /// <summary>The id or token that decided, for "Why is this here?".</summary>
    public string ThreadDetail { get; set; } = "";

    /// <summary>Why it can only be shown as source; null when it was read in full.</summary>
    public string? Unreadable { get; set; }

    /// <summary>Two letters of ISO 639-1; empty where it could not be told, null where nobody has asked.</summary>
    public string? Language { get; set; }

    /// <summary>Who of us wrote a note; null for mail, and for notes of programs.</summary>
    public long? AuthorId { get; init; }

    /// <summary>False once no synced folder of the server holds it.</summary>
    public bool OnServer { get; set; } = true;
}

/// <summary>A folder of the server in which a message lies, or will as soon as the server has learnt it. A message may lie in several.</summary>
public sealed class MessageFolder
{
    public required long MessageId { get; init; }
    public required long FolderId { get; init; }
}

internal sealed class MessageFolderConfiguration : IEntityTypeConfiguration<MessageFolder>
{
    public void Configure(EntityTypeBuilder<MessageFolder> place)
    {
        place.ToTable("message_folders");
        place.HasKey(p => new { p.MessageId, p.FolderId });
        place.HasIndex(p => p.FolderId);
        place.HasOne<Message>().WithMany().HasForeignKey(p => p.MessageId).OnDelete(DeleteBehavior.Cascade);
        place.HasOne<MailFolder>().WithMany().HasForeignKey(p => p.FolderId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class MessageConfiguration : IEntityTypeConfiguration<Message>
{
    public void Configure(EntityTypeBuilder<Message> message)
    {
        message.ToTable("messages");
        message.HasOne<Mailbox>().WithMany().HasForeignKey(m => m.MailboxId).OnDelete(DeleteBehavior.Restrict);
        message.HasOne<StoredSource>().WithMany().HasForeignKey(m => m.SourceId).OnDelete(DeleteBehavior.Restrict);
        message.HasIndex(m => new { m.TicketId, m.ReceivedAt });
        message.HasIndex(m => new { m.MailboxId, m.Sha256 }).IsUnique();
        message.HasIndex(m => new { m.MailboxId, m.InternetMessageId });
        message.HasIndex(m => m.Id).HasFilter("\"IsSeen\" = 0").HasDatabaseName("IX_messages_unread");
    }
}
