using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which of two values stands.</summary>
public enum ConflictChoice
{
    Ours,
    Theirs,
}

/// <summary>What both sides had last agreed on, of one field of a ticket; and where both went on from there to different values, these.</summary>
public sealed class SyncedValue
{
    public required long IntegrationId { get; init; }

    /// <summary>What the other system calls the ticket.</summary>
    public required string ExternalTicketId { get; init; }

    public required SyncedField Field { get; init; }

    /// <summary>As it is called here; null for none.</summary>
    public string? Ours { get; set; }

    /// <summary>As it is called there; null for none.</summary>
    public string? Theirs { get; set; }

    /// <summary>Since when both differ; null while they do not.</summary>
    public DateTimeOffset? ConflictAt { get; set; }

    public string? ConflictOurs { get; set; }
    public string? ConflictTheirs { get; set; }

    /// <summary>What a person decided, and is done with the next exchange.</summary>
    public ConflictChoice? Choice { get; set; }
}

/// <summary>A ticket that is in both systems.</summary>
public sealed class SyncedTicket
{
    public required long IntegrationId { get; init; }

    /// <summary>What the other system calls it; which of ours it is, stands with the external ids.</summary>
    public required string ExternalTicketId { get; init; }

    /// <summary>What stands in our log up to here is known there.</summary>
    public long SettledSequence { get; set; }

    public DateTimeOffset SettledAt { get; set; }

    /// <summary>What cannot be exchanged, in words; null where all can.</summary>
    public string? Problem { get; set; }
}

/// <summary>The other system has said that something happened with one of its tickets; it is read from there.</summary>
public sealed class TicketNews
{
    public required long IntegrationId { get; init; }
    public required string ExternalTicketId { get; init; }

    /// <summary>Grows with each time that it is said.</summary>
    public required long Stamp { get; set; }

    public required DateTimeOffset NotedAt { get; set; }
    public required DateTimeOffset DueAt { get; set; }
    public int Attempts { get; set; }

    /// <summary>Why it could not be read the last time.</summary>
    public string? Problem { get; set; }
}

internal sealed class SyncedValueConfiguration : IEntityTypeConfiguration<SyncedValue>
{
    public void Configure(EntityTypeBuilder<SyncedValue> value)
    {
        value.ToTable("integration_values");
        value.HasKey(v => new { v.IntegrationId, v.ExternalTicketId, v.Field });
        value.Property(v => v.Field).HasConversion<string>();
        value.Property(v => v.Choice).HasConversion<string>();
        value.HasIndex(v => v.ConflictAt).HasFilter("\"ConflictAt\" IS NOT NULL");
        value.HasOne<Integration>().WithMany().HasForeignKey(v => v.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class SyncedTicketConfiguration : IEntityTypeConfiguration<SyncedTicket>
{
    public void Configure(EntityTypeBuilder<SyncedTicket> ticket)
    {
        ticket.ToTable("integration_tickets");
        ticket.HasKey(t => new { t.IntegrationId, t.ExternalTicketId });
        ticket.HasOne<Integration>().WithMany().HasForeignKey(t => t.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TicketNewsConfiguration : IEntityTypeConfiguration<TicketNews>
{
    public void Configure(EntityTypeBuilder<TicketNews> news)
    {
        news.ToTable("integration_news");
        news.HasKey(n => new { n.IntegrationId, n.ExternalTicketId });
        news.HasIndex(n => n.DueAt);
        news.HasOne<Integration>().WithMany().HasForeignKey(n => n.IntegrationId).OnDelete(DeleteBehavior.Cascade);
    }
}
