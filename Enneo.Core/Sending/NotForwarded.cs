using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Sending;

/// <summary>A person's word that a mail was not forwarded to us, whatever it looks like: it belongs to its sender.</summary>
public sealed class NotForwarded
{
    public required long MessageId { get; init; }
    public required long UserId { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class NotForwardedConfiguration : IEntityTypeConfiguration<NotForwarded>
{
    public void Configure(EntityTypeBuilder<NotForwarded> refusal)
    {
        refusal.ToTable("not_forwarded");
        refusal.HasKey(r => r.MessageId);
        refusal.Property(r => r.MessageId).ValueGeneratedNever();
        refusal.HasOne<Message>().WithMany().HasForeignKey(r => r.MessageId).OnDelete(DeleteBehavior.Cascade);
    }
}
