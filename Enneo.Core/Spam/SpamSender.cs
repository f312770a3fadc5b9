using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Spam;

/// <summary>A sender whom people trust or block, in one mailbox or in all.</summary>
public sealed class SpamSender
{
    public long Id { get; init; }

    /// <summary>Null for all mailboxes.</summary>
    public long? MailboxId { get; init; }

    /// <summary>An address, or a domain with all that is below it; lower case.</summary>
    public required string Sender { get; init; }

    /// <summary>Never bulk, and never asked about; otherwise blocked: always spam.</summary>
    public required bool IsTrusted { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public long? CreatedBy { get; init; }
}

/// <summary>Mail of a domain that a person called clean although its DMARC fails: it comes over a forwarder or a mailing list, which breaks it.</summary>
public sealed class DmarcException
{
    public long Id { get; init; }

    /// <summary>Null for all mailboxes.</summary>
    public long? MailboxId { get; init; }

    /// <summary>Lower case.</summary>
    public required string FromDomain { get; init; }

    /// <summary>The domain that it comes over, in lower case.</summary>
    public required string Via { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public long? CreatedBy { get; init; }
}

internal sealed class SpamSenderConfiguration : IEntityTypeConfiguration<SpamSender>
{
    public void Configure(EntityTypeBuilder<SpamSender> sender)
    {
        sender.ToTable("spam_senders");
        sender.HasIndex(s => new { s.Sender, s.MailboxId }).IsUnique();
        sender.HasOne<Mailbox>().WithMany().HasForeignKey(s => s.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DmarcExceptionConfiguration : IEntityTypeConfiguration<DmarcException>
{
    public void Configure(EntityTypeBuilder<DmarcException> exception)
    {
        exception.ToTable("dmarc_exceptions");
        exception.HasIndex(e => new { e.FromDomain, e.Via, e.MailboxId }).IsUnique();
        exception.HasOne<Mailbox>().WithMany().HasForeignKey(e => e.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
