using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

public enum MailboxState
{
    Ok,
    Syncing,
    Error,

    /// <summary>The server refused the password: only a person can help.</summary>
    SignInAgain,
    Paused,
}

public enum SyncMode
{
    /// <summary>The server tells us at once (RFC 2177 IDLE).</summary>
    Idle,
    Poll,
}

/// <summary>How a mailbox is doing, written by its sync; apart from <see cref="Mailbox"/> so that syncing never conflicts with editing.</summary>
public sealed class MailboxStatus
{
    public required long MailboxId { get; init; }
    public MailboxState State { get; set; }

    /// <summary>In words, what is wrong and what to do; null when nothing is.</summary>
    public string? Message { get; set; }

    /// <summary>Since when <see cref="State"/> is what it is.</summary>
    public DateTimeOffset Since { get; set; }

    public SyncMode Mode { get; set; } = SyncMode.Poll;
    public DateTimeOffset? LastSyncAt { get; set; }

    /// <summary>Messages of the running first sync that are here, and in all; both 0 when none runs.</summary>
    public int ProgressDone { get; set; }

    public int ProgressTotal { get; set; }

    /// <summary>When the running first sync began, for the estimate.</summary>
    public DateTimeOffset? ProgressSince { get; set; }
}

internal sealed class MailboxStatusConfiguration : IEntityTypeConfiguration<MailboxStatus>
{
    public void Configure(EntityTypeBuilder<MailboxStatus> status)
    {
        status.ToTable("mailbox_status");
        status.HasKey(s => s.MailboxId);
        status.Property(s => s.MailboxId).ValueGeneratedNever();
        status.HasOne<Mailbox>().WithOne().HasForeignKey<MailboxStatus>(s => s.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
