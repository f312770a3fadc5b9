using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>What another helpdesk says it has of the mail of one mailbox.</summary>
public sealed class HelpdeskList : IInMailbox
{
    public const int MaxName = 100;

    public required long MailboxId { get; init; }

    /// <summary>What the helpdesk is called.</summary>
    public required string Name { get; set; }

    /// <summary>When it was last told: what came since, it may well not have yet.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The place in the log after which its states were taken over; null while they were not.</summary>
    public long? TakenOverAfter { get; set; }

    public DateTimeOffset? TakenOverAt { get; set; }
}

/// <summary>A mail as another helpdesk has it.</summary>
public sealed class HelpdeskMail : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>The Message-ID header without brackets.</summary>
    public required string InternetMessageId { get; init; }

    /// <summary>The number of its ticket there.</summary>
    public required string Ticket { get; init; }

    /// <summary>Of that ticket, in the helpdesk's words.</summary>
    public required string Status { get; init; }

    /// <summary>Who takes care of it there: an address; empty for nobody.</summary>
    public required string Assignee { get; init; }

    /// <summary>When it came in there; null where that is not said.</summary>
    public required DateTimeOffset? At { get; init; }
}

internal sealed class HelpdeskListConfiguration : IEntityTypeConfiguration<HelpdeskList>
{
    public void Configure(EntityTypeBuilder<HelpdeskList> list)
    {
        list.ToTable("helpdesk_lists");
        list.HasKey(l => l.MailboxId);
        list.Property(l => l.MailboxId).ValueGeneratedNever();
        list.HasOne<Mailbox>().WithOne().HasForeignKey<HelpdeskList>(l => l.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class HelpdeskMailConfiguration : IEntityTypeConfiguration<HelpdeskMail>
{
    public void Configure(EntityTypeBuilder<HelpdeskMail> mail)
    {
        mail.ToTable("helpdesk_mails");
        mail.HasIndex(m => m.MailboxId);
        mail.HasOne<HelpdeskList>().WithMany().HasForeignKey(m => m.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
