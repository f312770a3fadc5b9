using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Facts;

/// <summary>What other systems know of a ticket, kept for them; nothing here reads more into it.</summary>
public sealed class TicketFacts
{
    public const int MaxContract = 200;

    /// <summary>Characters of <see cref="AdditionalData"/>.</summary>
    public const int MaxData = 64_000;

    public required long TicketId { get; init; }

    public string? ContractId { get; set; }

    /// <summary>By which way it came, as that system says; null for mail.</summary>
    public TicketChannel? Channel { get; set; }

    /// <summary>A JSON object.</summary>
    public string AdditionalData { get; set; } = "{}";

    /// <summary>People who worked on it, besides its assignee.</summary>
    public List<long> WorkedOnBy { get; set; } = [];
}

/// <summary>By which way a ticket came.</summary>
public enum TicketChannel
{
    Email,
    Portal,
    Phone,
    Letter,
    System,
    Chat,
    WalkIn,
}

/// <summary>What another system keeps beside a message: any JSON, given back as it came.</summary>
public sealed class MessageFacts
{
    /// <summary>Characters.</summary>
    public const int MaxRawData = 256_000;

    public required long MessageId { get; init; }
    public required string RawData { get; set; }
}

internal sealed class TicketFactsConfiguration : IEntityTypeConfiguration<TicketFacts>
{
    public void Configure(EntityTypeBuilder<TicketFacts> facts)
    {
        facts.ToTable("ticket_facts");
        facts.HasKey(f => f.TicketId);
        facts.Property(f => f.TicketId).ValueGeneratedNever();
        facts.Property(f => f.Channel).HasConversion<string>();
        facts.HasIndex(f => f.ContractId).HasFilter("\"ContractId\" IS NOT NULL");
        facts.HasOne<Ticket>().WithMany().HasForeignKey(f => f.TicketId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class MessageFactsConfiguration : IEntityTypeConfiguration<MessageFacts>
{
    public void Configure(EntityTypeBuilder<MessageFacts> facts)
    {
        facts.ToTable("message_facts");
        facts.HasKey(f => f.MessageId);
        facts.Property(f => f.MessageId).ValueGeneratedNever();
        facts.HasOne<Message>().WithMany().HasForeignKey(f => f.MessageId).OnDelete(DeleteBehavior.Cascade);
    }
}
