using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Storage;

/// <summary>Where the raw RFC 5322 bytes of one mail lie in the segments, and how to know them again.</summary>
public sealed class StoredSource
{
    public long Id { get; init; }

    /// <summary>Number of the segment file.</summary>
    public required int Segment { get; init; }

    /// <summary>Bytes from the start of the segment to the zstd frame.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes of the zstd frame.</summary>
    public required int StoredLength { get; init; }

    /// <summary>Bytes of the mail as the server sent it.</summary>
    public required int RawLength { get; init; }

    /// <summary>SHA-256 of the mail as the server sent it, 32 bytes.</summary>
    public required byte[] Sha256 { get; init; }

    /// <returns>The same place, as the row with that id.</returns>
    public StoredSource WithId(long id) => new()
    {
        Id = id,
        Segment = Segment,
        Offset = Offset,
        StoredLength = StoredLength,
        RawLength = RawLength,
        Sha256 = Sha256,
    };
}

internal sealed class StoredSourceConfiguration : IEntityTypeConfiguration<StoredSource>
{
    public void Configure(EntityTypeBuilder<StoredSource> source) => source.ToTable("sources");
}
