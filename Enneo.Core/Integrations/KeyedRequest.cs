using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations;

/// <summary>A request that its sender may repeat: the same key is the same request.</summary>
public sealed class KeyedRequest
{
    /// <summary>The <see cref="Status"/> of one that has changed something and is not answered.</summary>
    public const int Underway = 102;

    /// <summary>In whose name it came: each has their own keys.</summary>
    public required long OwnerId { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of address and body, in hex.</summary>
    public required string Fingerprint { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Of the HTTP answer; <see cref="Underway"/> before that, and null while nothing was changed by it.</summary>
    public int? Status { get; set; }

    /// <summary>The JSON that it was answered with.</summary>
    public string? Answer { get; set; }

    /// <summary>Where what was made by it is found; null where nothing was.</summary>
    public string? Location { get; set; }
}

internal sealed class KeyedRequestConfiguration : IEntityTypeConfiguration<KeyedRequest>
{
    public void Configure(EntityTypeBuilder<KeyedRequest> request)
    {
        request.ToTable("keyed_requests");
        request.HasKey(r => new { r.OwnerId, r.Key });
        request.HasIndex(r => r.At);
        request.HasOne<User>().WithMany().HasForeignKey(r => r.OwnerId).OnDelete(DeleteBehavior.Cascade);
    }
}
