using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

public enum FolderRole
{
    None,
    Inbox,
    Sent,
    Drafts,
    Junk,
    Trash,
    Archive,
}

/// <summary>An IMAP mailbox of a <see cref="Mailbox"/>, and how far we have read it.</summary>
public sealed class MailFolder : IInMailbox
{
    public long Id { get; init; }
    public required long MailboxId { get; init; }

    /// <summary>Full name, decoded, with the server's separators.</summary>
    public required string FullName { get; init; }

    /// <summary>What it is for: by special use (RFC 6154), else by name, unless <see cref="RoleIsChosen"/>.</summary>
    public FolderRole Role { get; set; }

    /// <summary>A person said what it is for; discovery leaves that alone.</summary>
    public bool RoleIsChosen { get; set; }

    /// <summary>Whether it can hold mail (RFC 9051, section 7.3.1: not \Noselect).</summary>
    public bool IsSelectable { get; set; } = true;

    /// <summary>A provider's view of all or of the flagged mail (\All, \Flagged): left out unless somebody asks for it.</summary>
    public bool IsVirtual { get; set; }

    /// <summary>Whether its mail is brought here: by what the mailbox asks for, unless <see cref="SyncIsChosen"/>.</summary>
    public bool IsSynced { get; set; }

    /// <summary>A person said whether its mail is brought here; discovery leaves that alone.</summary>
    public bool SyncIsChosen { get; set; }

    /// <summary>Whether the server still lists it.</summary>
    public bool IsListed { get; set; } = true;

    /// <summary>Between the parts of <see cref="FullName"/>; empty where the server has no hierarchy.</summary>
    public string Separator { get; set; } = "";

    /// <summary>0 before the first sync.</summary>
    public uint UidValidity { get; set; }

    /// <summary>Every message up to this UID that matters is in the ledger, once <see cref="HistoryComplete"/>.</summary>
    public uint HighestUid { get; set; }

    /// <summary>Flags are known up to this change (RFC 7162); 0 where the server does not count.</summary>
    public ulong HighestModSeq { get; set; }

    /// <summary>Messages the server listed when we last looked.</summary>
    public int ServerCount { get; set; }

    /// <summary>Of those, how many had no <c>\Seen</c>.</summary>
    public int ServerUnread { get; set; }

    /// <summary>Whether the first sync of this folder has reached its oldest message.</summary>
    public bool HistoryComplete { get; set; }

    /// <summary>Its oldest mail was left out, up to this moment; null when nothing was.</summary>
    public DateTimeOffset? LeftOutBefore { get; set; }

    /// <summary>When its messages were last compared with the server's.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    /// <summary>In words, why it could not be synced; null when it could.</summary>
    public string? Problem { get; set; }
}

internal sealed class MailFolderConfiguration : IEntityTypeConfiguration<MailFolder>
{
    public void Configure(EntityTypeBuilder<MailFolder> folder)
    {
        folder.ToTable("folders");
        folder.HasIndex(f => new { f.MailboxId, f.FullName }).IsUnique();
        folder.HasOne<Mailbox>().WithMany().HasForeignKey(f => f.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}
