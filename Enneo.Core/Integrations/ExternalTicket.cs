using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations;

/// <summary>What another system calls a ticket of ours.</summary>
public sealed class ExternalTicket
{
    public const int MaxLength = 200;

    /// <summary>In whose name that system calls; the same id of another one is another ticket.</summary>
    public required long OwnerId { get; init; }

    public required string ExternalId { get; init; }
    public required long TicketId { get; set; }
}

/// <summary>What another system calls a message of ours.</summary>
public sealed class ExternalMessage
{
    public required long OwnerId { get; init; }
    public required string ExternalId { get; init; }
    public required long MessageId { get; init; }
}

internal sealed class ExternalTicketConfiguration : IEntityTypeConfiguration<ExternalTicket>
{
    public void Configure(EntityTypeBuilder<ExternalTicket> external)
    {
        external.ToTable("external_tickets");
        external.HasKey(e => new { e.OwnerId, e.ExternalId });
        external.HasIndex(e => e.TicketId);
        external.HasOne<User>().WithMany().HasForeignKey(e => e.OwnerId).OnDelete(DeleteBehavior.Cascade);
        external.HasOne<Ticket>().WithMany().HasForeignKey(e => e.TicketId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ExternalMessageConfiguration : IEntityTypeConfiguration<ExternalMessage>
{
    public void Configure(EntityTypeBuilder<ExternalMessage> external)
    {
        external.ToTable("external_messages");
        external.HasKey(e => new { e.OwnerId, e.ExternalId });
        external.HasIndex(e => e.MessageId);
        external.HasOne<User>().WithMany().HasForeignKey(e => e.OwnerId).OnDelete(DeleteBehavior.Cascade);
        external.HasOne<Message>().WithMany().HasForeignKey(e => e.MessageId).OnDelete(DeleteBehavior.Cascade);
    }
}
