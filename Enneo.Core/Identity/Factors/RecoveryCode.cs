using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Identity.Factors;

/// <summary>A code on paper that stands in for a lost factor, once: the row goes with its use.</summary>
public sealed class RecoveryCode
{
    public long Id { get; init; }
    public required long UserId { get; init; }

    /// <summary>SHA-256 of its 80 random bits: too many to be guessed from it.</summary>
    public required byte[] Sha256 { get; init; }
}

internal sealed class RecoveryCodeConfiguration : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes");
        code.HasIndex(c => new { c.UserId, c.Sha256 }).IsUnique();
        code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
