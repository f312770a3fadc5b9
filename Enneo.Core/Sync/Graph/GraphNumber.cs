using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sync.Graph;

/// <summary>The number that a message has in a folder, under which the ledger knows it; it keeps it, should it leave and come back.</summary>
public sealed class GraphNumber
{
    public required long FolderId { get; init; }
    public required uint Uid { get; init; }

    /// <summary>Immutable: the same in whichever folder of the mailbox the message lies.</summary>
    public required string GraphId { get; init; }

    /// <summary>Which state of a draft was numbered, which gets a new number when it is written on; null for what is none.</summary>
    public string? ChangeKey { get; init; }
}

internal sealed class GraphNumberConfiguration : IEntityTypeConfiguration<GraphNumber>
{
    public void Configure(EntityTypeBuilder<GraphNumber> number)
    {
        number.ToTable("graph_numbers");
        number.HasKey(n => new { n.FolderId, n.Uid });
        number.HasIndex(n => new { n.FolderId, n.GraphId }).IsUnique();
        number.HasIndex(n => n.GraphId);
        number.HasOne<MailFolder>().WithMany().HasForeignKey(n => n.FolderId).OnDelete(DeleteBehavior.Cascade);
    }
}
