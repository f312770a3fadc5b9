using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sync.Graph;

/// <summary>How far a folder was read by Microsoft Graph, which numbers no messages: we do, as a server of IMAP would.</summary>
public sealed class GraphFolder
{
    /// <summary>Of the <see cref="MailFolder"/>.</summary>
    public required long FolderId { get; init; }

    /// <summary>Stays when the folder is renamed.</summary>
    public required string GraphId { get; set; }

    /// <summary>What Exchange says it is for.</summary>
    public FolderRole SpecialUse { get; set; }

    /// <summary>Of our numbers, so that they are taken for nobody else's.</summary>
    public required uint UidValidity { get; init; }

    /// <summary>The last number that was given.</summary>
    public uint LastUid { get; set; }

    /// <summary>Tells what changed since; null when everything has to be listed.</summary>
    public string? Link { get; set; }

    /// <summary>When everything was listed.</summary>
    public DateTimeOffset? ListedAt { get; set; }

    /// <summary>What Graph counted at the last look; not all of it need be mail.</summary>
    public int Total { get; set; }

    public int Unread { get; set; }
}

internal sealed class GraphFolderConfiguration : IEntityTypeConfiguration<GraphFolder>
{
    public void Configure(EntityTypeBuilder<GraphFolder> folder)
    {
        folder.ToTable("graph_folders");
        folder.HasKey(f => f.FolderId);
        folder.Property(f => f.FolderId).ValueGeneratedNever();
        folder.HasOne<MailFolder>().WithOne().HasForeignKey<GraphFolder>(f => f.FolderId).OnDelete(DeleteBehavior.Cascade);
    }
}
