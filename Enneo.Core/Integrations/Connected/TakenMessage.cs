using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Connected;

/// <summary>A message of another system that came here once, whatever became of it here.</summary>
public sealed class TakenMessage
{
    public required long IntegrationId { get; init; }
    public required string ExternalId { get; init; }
}

internal sealed class TakenMessageConfiguration : IEntityTypeConfiguration<TakenMessage>
{
    public void Configure(EntityTypeBuilder<TakenMessage> taken)
    {
        taken.ToTable("integration_taken");
        taken.HasKey(t => new { t.IntegrationId, t.ExternalId });
        taken.HasOne<Integration>().WithMany().HasForeignKey(t => t.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
