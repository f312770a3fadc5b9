using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Search;

/// <summary>
/// Which row of the full text is which message. A row is numbered by when its mail was received, so
/// that the index itself is in the order of lists, however its mail was imported.
/// </summary>
public sealed class SearchEntry
{
    private const int CounterBits = 20;

    /// <summary>Seconds since 1970 and, in the low bits, which of the mails of that second.</summary>
    public required long Id { get; init; }

    public required long MessageId { get; init; }

    /// <summary>The first number that a mail of this moment, or a later one, can have.</summary>
    internal static long FirstOf(DateTimeOffset at) => Math.Max(0, at.ToUnixTimeSeconds()) << CounterBits;

    internal static DateTimeOffset TimeOf(long id) => DateTimeOffset.FromUnixTimeSeconds(id >> CounterBits);
}

internal sealed class SearchEntryConfiguration : IEntityTypeConfiguration<SearchEntry>
{
    public void Configure(EntityTypeBuilder<SearchEntry> entry)
    {
        entry.ToTable("search_entries");
        entry.Property(e => e.Id).ValueGeneratedNever();
        entry.HasOne<Message>().WithMany().HasForeignKey(e => e.MessageId).OnDelete(DeleteBehavior.Cascade);
        entry.HasIndex(e => e.MessageId).IsUnique();
    }
}
