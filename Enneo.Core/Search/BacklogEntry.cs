using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Search;

/// <summary>A message that is still to be read into the index; they are read in the order of <see cref="Id"/>.</summary>
public sealed class BacklogEntry
{
    public long Id { get; init; }
    public required long MessageId { get; init; }
}

internal sealed class BacklogEntryConfiguration : IEntityTypeConfiguration<BacklogEntry>
{
    public void Configure(EntityTypeBuilder<BacklogEntry> entry)
    {
        entry.ToTable("search_backlog");
        entry.HasOne<Message>().WithMany().HasForeignKey(e => e.MessageId).OnDelete(DeleteBehavior.Cascade);
        entry.HasIndex(e => e.MessageId).IsUnique();
    }
}
