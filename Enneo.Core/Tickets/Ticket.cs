using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Tickets;

public enum TicketStatus
{
    Open,
    Pending,
    Closed,
}

/// <summary>A conversation: what the inbox lists. Its summary columns are kept with every message that joins.</summary>
public sealed class Ticket
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required string Subject { get; set; }
    public required TicketStatus Status { get; set; }

    /// <summary>Computed by the database from <see cref="Status"/>: lists are ordered within it.</summary>
    public bool IsClosed { get; private set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its newest message came: the order of every list.</summary>
    public required DateTimeOffset LastMessageAt { get; set; }

    public int MessageCount { get; set; }

    /// <summary>Inbound messages without <c>\Seen</c>.</summary>
    public int UnreadCount { get; set; }

    public bool HasAttachments { get; set; }

    /// <summary>Names for the list, oldest first, such as "Jonas Weber, Anna".</summary>
    public required string People { get; set; }

    /// <summary>First words of the newest message.</summary>
    public required string Snippet { get; set; }

    /// <summary>The ticket whose ids a stranger quoted to open this one.</summary>
    public long? LinkedTicketId { get; set; }

    public uint Version { get; set; }
}

/// <summary>Somebody who takes part in a ticket: any From, Reply-To, To or Cc so far.</summary>
public sealed class TicketParticipant
{
    public required long TicketId { get; init; }

    /// <summary>Lower case.</summary>
    public required string Address { get; init; }

    /// <summary>Whether they wrote, not only received.</summary>
    public bool HasWritten { get; set; }
}

/// <summary>
/// A Message-ID that leads to a ticket: the id of one of its messages, or one that they refer to
/// (whose mail may come later, since history is read newest first).
/// </summary>
public sealed class ThreadKey
{
    public required long MailboxId { get; init; }
    public required string InternetMessageId { get; init; }
    public required long TicketId { get; init; }

    /// <summary>The message that has this id; null while it is only referred to. A message may have several ids.</summary>
    public long? MessageId { get; set; }
}

internal sealed class TicketConfiguration : IEntityTypeConfiguration<Ticket>
{
    public void Configure(EntityTypeBuilder<Ticket> ticket)
    {
        ticket.ToTable("tickets");
        ticket.Property(t => t.Version).IsConcurrencyToken();
        ticket.HasOne<Mailbox>().WithMany().HasForeignKey(t => t.MailboxId).OnDelete(DeleteBehavior.Restrict);
        ticket.Property(t => t.IsClosed).HasComputedColumnSql("\"Status\" = 'Closed'", stored: false);
        ticket.HasIndex(t => new { t.IsClosed, t.LastMessageAt, t.Id });
        ticket.HasIndex(t => new { t.MailboxId, t.IsClosed, t.LastMessageAt, t.Id });
    }
}

internal sealed class TicketParticipantConfiguration : IEntityTypeConfiguration<TicketParticipant>
{
    public void Configure(EntityTypeBuilder<TicketParticipant> participant)
    {
        participant.ToTable("ticket_participants");
        participant.HasKey(p => new { p.TicketId, p.Address });
        participant.HasIndex(p => new { p.Address, p.TicketId });
    }
}

internal sealed class ThreadKeyConfiguration : IEntityTypeConfiguration<ThreadKey>
{
    public void Configure(EntityTypeBuilder<ThreadKey> key)
    {
        key.ToTable("thread_keys");
        key.HasKey(k => new { k.MailboxId, k.InternetMessageId, k.TicketId });
        key.HasIndex(k => k.TicketId);
    }
}
