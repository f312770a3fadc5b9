using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sending;

public enum ReplyMode
{
    Reply,
    ReplyAll,
}

/// <summary>An answer being written; kept on the server as it is typed.</summary>
public sealed class Draft
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required long TicketId { get; init; }

    /// <summary>The message that is answered: quoted below when sending.</summary>
    public required long AnsweredMessageId { get; set; }

    public required long AuthorId { get; init; }
    public required ReplyMode Mode { get; set; }
    public required IReadOnlyList<MailAddress> To { get; set; }
    public IReadOnlyList<MailAddress> Cc { get; set; } = [];
    public IReadOnlyList<MailAddress> Bcc { get; set; } = [];
    public required string Subject { get; set; }

    /// <summary>Sanitised HTML of the new text only, without the quote.</summary>
    public string Html { get; set; } = "";

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Counts the saves, so that an older save that arrives late is dropped.</summary>
    public int Revision { get; set; }

    /// <summary>Set when it was handed to the outbox; a draft is sent once.</summary>
    public long? OutgoingMessageId { get; set; }
}

/// <summary>A file attached to a draft; its bytes lie in the uploads folder under a name of our own.</summary>
public sealed class DraftAttachment
{
    public long Id { get; init; }
    public required long DraftId { get; set; }

    /// <summary>Cleaned file name, as it will be sent.</summary>
    public required string Name { get; init; }

    public required string ContentType { get; init; }
    public required long Size { get; init; }

    /// <summary>File name within the uploads folder.</summary>
    public required string StoredName { get; init; }
}

internal sealed class DraftConfiguration : IEntityTypeConfiguration<Draft>
{
    public void Configure(EntityTypeBuilder<Draft> draft)
    {
        draft.ToTable("drafts");
        draft.HasIndex(d => new { d.TicketId, d.AuthorId });
    }
}

internal sealed class DraftAttachmentConfiguration : IEntityTypeConfiguration<DraftAttachment>
{
    public void Configure(EntityTypeBuilder<DraftAttachment> attachment)
    {
        attachment.ToTable("draft_attachments");
        attachment.HasOne<Draft>().WithMany().HasForeignKey(a => a.DraftId).OnDelete(DeleteBehavior.Cascade);
    }
}
