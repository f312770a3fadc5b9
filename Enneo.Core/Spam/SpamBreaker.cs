using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Spam.Headers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Spam;

/// <summary>That a rule, or the model, hid too much of a mailbox's new mail. It stands until an admin has dealt with it, however long that takes.</summary>
public sealed class SpamBreaker : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>Null for the model.</summary>
    public HeaderRule? Rule { get; init; }

    /// <summary>When the day began of which it hid too much: what it hid since is what comes back.</summary>
    public required DateTimeOffset Since { get; init; }

    public required DateTimeOffset TrippedAt { get; init; }

    /// <summary>How many mails of that day it hid.</summary>
    public required int Hidden { get; init; }

    /// <summary>How many came in that day.</summary>
    public required int Count { get; init; }

    /// <summary>When an admin got the mail about it; null until then.</summary>
    public DateTimeOffset? ToldAt { get; set; }

    /// <summary>When an admin switched it off, or said that all is well; null until then.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

internal sealed class SpamBreakerConfiguration : IEntityTypeConfiguration<SpamBreaker>
{
    public void Configure(EntityTypeBuilder<SpamBreaker> breaker)
    {
        breaker.ToTable("spam_breakers");
        breaker.HasOne<Mailbox>().WithMany().HasForeignKey(b => b.MailboxId).OnDelete(DeleteBehavior.Cascade);
        breaker.HasIndex(b => new { b.MailboxId, b.EndedAt });
    }
}
