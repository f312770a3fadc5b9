using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Spam;

/// <summary>What came of asking a sender to send no more.</summary>
public enum UnsubscribeOutcome
{
    /// <summary>Its server says that it is done.</summary>
    Done,

    /// <summary>Its server said something else.</summary>
    Refused,

    /// <summary>Nothing answered, or the address must not be asked.</summary>
    NoAnswer,
}

/// <summary>That a sender was asked to send no more to a mailbox: the last time.</summary>
public sealed class Unsubscription : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>An address, in lower case.</summary>
    public required string Sender { get; init; }

    public required UnsubscribeOutcome Outcome { get; set; }
    public required DateTimeOffset At { get; set; }
    public long? UserId { get; set; }
}

internal sealed class UnsubscriptionConfiguration : IEntityTypeConfiguration<Unsubscription>
{
    public void Configure(EntityTypeBuilder<Unsubscription> unsubscription)
    {
        unsubscription.ToTable("spam_unsubscriptions");
        unsubscription.Property(u => u.Outcome).HasConversion<string>();
        unsubscription.HasIndex(u => new { u.MailboxId, u.Sender }).IsUnique();
        unsubscription.HasOne<Mailbox>().WithMany().HasForeignKey(u => u.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
