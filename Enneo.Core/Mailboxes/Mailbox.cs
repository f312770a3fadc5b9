using Enneo.Core.Connections;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Mailboxes;

public enum MailboxMethod
{
    Imap,
    Microsoft365,
    Api,
    Google,

    /// <summary>Another provider that an admin named.</summary>
    OAuth,
}

/// <summary>A connected account.</summary>
public sealed class Mailbox
{
    public long Id { get; init; }
    public required string Name { get; set; }

    /// <summary>Its address; unique, compared without case.</summary>
    public required string Address { get; set; }

    /// <summary>The name that stands before the address in what we send; empty means <see cref="Name"/>.</summary>
    public string SenderName { get; set; } = "";

    /// <summary>See <see cref="MailTemplate"/>; empty for none.</summary>
    public string Signature { get; set; } = "";

    public List<string> Aliases { get; set; } = [];

    /// <summary>Stays as long as the mailbox is in use; one that was removed may come back in another way.</summary>
    public MailboxMethod Method { get; set; }

    public bool IsDefault { get; set; }
    public bool Enabled { get; set; } = true;

    public required ServerSettings Imap { get; set; }
    public required ServerSettings Smtp { get; set; }

    /// <summary>Folders to sync, by role or name, as <see cref="FolderWishes"/> reads them; a new mailbox asks for all.</summary>
    public List<string> Folders { get; set; } = [.. FolderWishes.AllFolders];

    /// <summary>Mail older than this is not fetched; <see langword="null"/> means all.</summary>
    public DateTimeOffset? Since { get; set; }

    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(60);

    public MailboxSpam Spam { get; set; } = new();

    /// <summary>Mail older than this is history, not news.</summary>
    public required DateTimeOffset ConnectedAt { get; set; }

    /// <summary>Closing a ticket here moves what it received from the INBOX to the archive.</summary>
    public bool ClosingArchives { get; set; }

    /// <summary>When a person removed it; null while it is in use. Its conversations may stay readable.</summary>
    public DateTimeOffset? RemovedAt { get; set; }

    /// <summary>It was removed with everything that came through it, which a job does.</summary>
    public bool IsToBeErased { get; set; }

    /// <summary>
    /// Shadow mode: it is only read. What people do stays here and waits, nothing is sent, until it goes live. The two endpoints
    /// below are the only way to its servers and carry that, so that there is no way past it.
    /// </summary>
    public bool IsShadow { get; set; }

    /// <summary>Microsoft Graph takes what is sent, in place of the SMTP server; only with <see cref="MailboxMethod.Microsoft365"/>.</summary>
    public bool SendsByGraph { get; set; }

    /// <summary>Microsoft Graph is asked what is received, in place of the IMAP server; only with <see cref="MailboxMethod.Microsoft365"/>.</summary>
    public bool ReceivesByGraph { get; set; }

    /// <summary>Another system, with which its tickets are kept in step, mails what is written here; nothing leaves from here, and nothing is answered by itself.</summary>
    public bool IsSentElsewhere { get; set; }

    public uint Version { get; set; }

    /// <summary>Somebody's sign-in at a provider takes the place of passwords.</summary>
    public bool IsByLogin => Method is MailboxMethod.Microsoft365 or MailboxMethod.Google or MailboxMethod.OAuth;

    public MailEndpoint ImapEndpoint => Imap.Endpoint with { IsReadOnly = IsShadow };

    public MailEndpoint SmtpEndpoint => Smtp.Endpoint with { IsReadOnly = IsShadow };

    /// <summary>Every address that is this mailbox itself, lower case.</summary>
    public IEnumerable<string> OwnAddresses => Aliases.Prepend(Address).Select(address => address.ToLowerInvariant());
}

/// <summary>One of the two servers of a mailbox.</summary>
public sealed class ServerSettings
{
    public required string Host { get; set; }
    public required int Port { get; set; }
    public required ConnectionSecurity Security { get; set; }
    public required string User { get; set; }

    /// <summary>Encrypted; see <see cref="MailboxCredentials"/>.</summary>
    public required string ProtectedPassword { get; set; }

    public string? TrustedCertificate { get; set; }

    /// <summary>For trying it out; a mailbox is reached by its own endpoints.</summary>
    public MailEndpoint Endpoint => new(Host, Port, Security, TrustedCertificate);
}

internal sealed class MailboxConfiguration : IEntityTypeConfiguration<Mailbox>
{
    public void Configure(EntityTypeBuilder<Mailbox> mailbox)
    {
        mailbox.ToTable("mailboxes");
        mailbox.Property(m => m.Address).UseCollation("NOCASE");
        mailbox.HasIndex(m => m.Address).IsUnique();
        mailbox.Property(m => m.Version).IsConcurrencyToken();
        mailbox.Ignore(m => m.OwnAddresses);
        mailbox.Ignore(m => m.IsByLogin);
        mailbox.HasMany<MailboxGrant>().WithOne().HasForeignKey(g => g.MailboxId).OnDelete(DeleteBehavior.Cascade);
        mailbox.HasOne<ConnectedAccount>().WithOne().HasForeignKey<ConnectedAccount>(a => a.MailboxId).OnDelete(DeleteBehavior.Cascade);
        mailbox.Ignore(m => m.ImapEndpoint);
        mailbox.Ignore(m => m.SmtpEndpoint);
        mailbox.ComplexProperty(m => m.Spam);
        mailbox.ComplexProperty(m => m.Imap).Ignore(s => s.Endpoint);
        mailbox.ComplexProperty(m => m.Smtp).Ignore(s => s.Endpoint);
    }
}
