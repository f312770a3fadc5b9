using Enneo.Core.Identity;
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

/// <summary>How soon it should be dealt with, in ascending order.</summary>
public enum TicketPriority
{
    Low,
    Medium,
    High,
    Urgent,
}

/// <summary>Who deals with a ticket, machine or person.</summary>
public enum AiSupportLevel
{
    /// <summary>Its mail has not gone through the steps: it is history, or has just come.</summary>
    Unprocessed,

    /// <summary>People answer it by themselves.</summary>
    Human,

    /// <summary>A drafted answer waits for a person.</summary>
    Bot,

    /// <summary>An automation answered it.</summary>
    Automated,
}

/// <summary>Where a ticket is kept, which follows from the folders of what it received.</summary>
public enum TicketPlace
{
    /// <summary>In the lists of open and closed conversations.</summary>
    Desk,

    /// <summary>It is spam, or all of what it received lies in folders of junk and nobody called it clean.</summary>
    Junk,

    /// <summary>All of what it received was deleted, or lies in the trash.</summary>
    Trash,

    /// <summary>A draft that somebody writes in another mail program: only the list of its folder shows it.</summary>
    Drafts,
}

/// <summary>A conversation: what the inbox lists. Its summary columns are kept with every message that joins.</summary>
public sealed class Ticket : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }
    public required string Subject { get; set; }
    /// <summary>What somebody called it in place of its first message's subject; null where nobody did.</summary>
    public string? GivenSubject { get; set; }

    public required TicketStatus Status { get; set; }

    /// <summary>Computed by the database from <see cref="Status"/>: lists are ordered within it.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Kept with its messages.</summary>
    public TicketPlace Place { get; set; }

    /// <summary>Null until it was judged. It is changed by the spam stages and by people only, and decides together with the folders where the ticket is kept.</summary>
    public SpamStatus? SpamStatus { get; set; }

    public TicketPriority Priority { get; set; } = TicketPriority.Medium;

    /// <summary>When somebody should have answered at the latest; null where nothing says so.</summary>
    public DateTimeOffset? FirstResponseDueBy { get; set; }

    /// <summary>When it should be closed at the latest; null where nothing says so.</summary>
    public DateTimeOffset? DueBy { get; set; }

    public AiSupportLevel AiSupportLevel { get; set; }

    /// <summary>The agent who takes care of it.</summary>
    public long? AssigneeId { get; set; }

    /// <summary>Until then it is out of sight; null when it is not snoozed.</summary>
    public DateTimeOffset? SnoozedUntil { get; set; }

    /// <summary>One of its messages is flagged.</summary>
    public bool IsStarred { get; set; }

    /// <summary>When its newest message of ours was written; null when we never wrote.</summary>
    public DateTimeOffset? LastSentAt { get; set; }

    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When its newest message came.</summary>
    public required DateTimeOffset LastMessageAt { get; set; }

    /// <summary>When it last came back from being snoozed without new mail; null when it never did.</summary>
    public DateTimeOffset? WokenAt { get; set; }

    /// <summary>Computed by the database: when its newest message came or when it woke, whichever is later. The order of every list.</summary>
    public DateTimeOffset ListedAt { get; private set; }

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

    /// <summary>A person took messages out of it, or into it: from then on nothing but a person folds it together with another.</summary>
    public bool IsKeptApart { get; set; }

    public uint Version { get; set; }
}

/// <summary>A ticket that was folded into another one: old links and marks lead there.</summary>
public sealed class TicketMerge
{
    public required long TicketId { get; init; }

    /// <summary>The one that is still there, however often it went on.</summary>
    public required long IntoId { get; init; }
}

/// <summary>A folder in which a message of the ticket lies: what a folder's list is read from.</summary>
public sealed class TicketFolder
{
    public required long FolderId { get; init; }
    public required long TicketId { get; init; }

    /// <summary>That of the ticket, by which the list is ordered.</summary>
    public required DateTimeOffset ListedAt { get; init; }
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
        ticket.Property(t => t.ListedAt).HasComputedColumnSql("max(\"LastMessageAt\", coalesce(\"WokenAt\", \"LastMessageAt\"))", stored: false);
        ticket.Property(t => t.Priority).HasDefaultValue(TicketPriority.Medium).HasSentinel(TicketPriority.Medium);
        ticket.Property(t => t.AiSupportLevel).HasDefaultValue(AiSupportLevel.Unprocessed);
        ticket.HasOne<User>().WithMany().HasForeignKey(t => t.AssigneeId).OnDelete(DeleteBehavior.SetNull);
        ticket.HasIndex(t => new { t.IsClosed, t.ListedAt, t.Id });
        ticket.HasIndex(t => new { t.MailboxId, t.IsClosed, t.ListedAt, t.Id });
        ticket.HasIndex(t => new { t.ListedAt, t.Id, t.MailboxId }, "IX_tickets_junk").HasFilter("\"Place\" = 'Junk'"); // SQLite uses it only where a query says the very same
        ticket.HasIndex(t => new { t.ListedAt, t.Id, t.MailboxId }, "IX_tickets_trash").HasFilter("\"Place\" = 'Trash'");
        ticket.HasIndex(t => new { t.MailboxId, t.SnoozedUntil, t.UnreadCount, t.AssigneeId, t.Place, t.Status })
            .HasFilter("\"Status\" <> 'Closed' AND \"Place\" = 'Desk'").HasDatabaseName("IX_tickets_desk"); // all that counting needs
        ticket.HasIndex(t => t.UnreadCount).HasFilter("\"UnreadCount\" > 0");
        ticket.HasIndex(t => t.SnoozedUntil).HasFilter("\"SnoozedUntil\" IS NOT NULL");
        ticket.HasIndex(t => new { t.AssigneeId, t.IsClosed, t.ListedAt, t.Id }).HasFilter("\"AssigneeId\" IS NOT NULL");
        ticket.HasIndex(t => new { t.ListedAt, t.Id, t.MailboxId }, "IX_tickets_starred").HasFilter("\"IsStarred\"");
        ticket.HasIndex(t => new { t.ListedAt, t.Id, t.MailboxId }, "IX_tickets_sent").HasFilter("\"LastSentAt\" IS NOT NULL");
    }
}

internal sealed class TicketMergeConfiguration : IEntityTypeConfiguration<TicketMerge>
{
    public void Configure(EntityTypeBuilder<TicketMerge> merge)
    {
        merge.ToTable("ticket_merges");
        merge.HasKey(m => m.TicketId);
        merge.Property(m => m.TicketId).ValueGeneratedNever();
        merge.HasIndex(m => m.IntoId);
        merge.HasOne<Ticket>().WithMany().HasForeignKey(m => m.IntoId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class TicketFolderConfiguration : IEntityTypeConfiguration<TicketFolder>
{
    public void Configure(EntityTypeBuilder<TicketFolder> place)
    {
        place.ToTable("ticket_folders");
        place.HasKey(p => new { p.TicketId, p.FolderId });
        place.HasIndex(p => new { p.FolderId, p.ListedAt, p.TicketId });
        place.HasOne<Ticket>().WithMany().HasForeignKey(p => p.TicketId).OnDelete(DeleteBehavior.Cascade);
        place.HasOne<MailFolder>().WithMany().HasForeignKey(p => p.FolderId).OnDelete(DeleteBehavior.Cascade);
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
