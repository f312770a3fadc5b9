using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sending;

/// <summary>A file of a draft: one that was added, whose bytes lie in the uploads folder under a name of our own, or a part of the mail that is forwarded.</summary>
public sealed class DraftAttachment
{
    public long Id { get; init; }
    public required long DraftId { get; set; }

    /// <summary>Cleaned file name, as it will be sent.</summary>
    public required string Name { get; init; }

    public required string ContentType { get; init; }
    public required long Size { get; init; }

    /// <summary>File name within the uploads folder; null for a part of the forwarded mail.</summary>
    public string? StoredName { get; init; }

    /// <summary>Which part of the forwarded mail; null for a file that was added.</summary>
    public int? PartIndex { get; init; }

    /// <summary>A picture within the text, not a file beside it.</summary>
    public bool IsInline { get; init; }
}

internal sealed class DraftAttachmentConfiguration : IEntityTypeConfiguration<DraftAttachment>
{
    public void Configure(EntityTypeBuilder<DraftAttachment> attachment)
    {
        attachment.ToTable("draft_attachments");
        attachment.HasOne<Draft>().WithMany().HasForeignKey(a => a.DraftId).OnDelete(DeleteBehavior.Cascade);
    }
}
