using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Messages.Images;

/// <summary>A sender whose remote images the team has chosen to see always.</summary>
public sealed class TrustedImageSender
{
    /// <summary>Compared without case.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset TrustedAt { get; init; }
}

internal sealed class TrustedImageSenderConfiguration : IEntityTypeConfiguration<TrustedImageSender>
{
    public void Configure(EntityTypeBuilder<TrustedImageSender> sender)
    {
        sender.ToTable("trusted_image_senders");
        sender.HasKey(s => s.Address);
        sender.Property(s => s.Address).UseCollation("NOCASE");
    }
}
