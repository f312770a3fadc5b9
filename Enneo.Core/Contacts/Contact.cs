using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Enneo.Core.Contacts;

/// <summary>A person whom a mailbox heard from or wrote to; kept with every mail that comes or goes.</summary>
public sealed class Contact : IInMailbox
{
    public required long MailboxId { get; init; }

    /// <summary>Lower case.</summary>
    public required string Address { get; init; }

    /// <summary>As it stood in the newest mail that had one; may be empty.</summary>
    public required string Name { get; set; }

    public required DateTimeOffset FirstAt { get; set; }
    public required DateTimeOffset LastAt { get; set; }

    /// <summary>Mails from them.</summary>
    public int Received { get; set; }

    /// <summary>Mails to them.</summary>
    public int Sent { get; set; }
}

/// <summary>A word of a contact's name or address, by whose beginning the contact is found.</summary>
public sealed class ContactWord
{
    /// <summary>As <see cref="ContactWords"/> makes it.</summary>
    public required string Word { get; init; }

    public required long MailboxId { get; init; }
    public required string Address { get; init; }
}

internal sealed class ContactConfiguration : IEntityTypeConfiguration<Contact>
{
    public void Configure(EntityTypeBuilder<Contact> contact)
    {
        contact.ToTable("contacts");
        contact.HasKey(c => new { c.MailboxId, c.Address });
        contact.HasIndex(c => c.LastAt);
        contact.HasIndex(c => c.Address);
        contact.HasOne<Mailbox>().WithMany().HasForeignKey(c => c.MailboxId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class ContactWordConfiguration : IEntityTypeConfiguration<ContactWord>
{
    public void Configure(EntityTypeBuilder<ContactWord> word)
    {
        word.ToTable("contact_words");
        word.HasKey(w => new { w.Word, w.MailboxId, w.Address });
        word.HasIndex(w => new { w.MailboxId, w.Address });
        word.HasOne<Contact>().WithMany().HasForeignKey(w => new { w.MailboxId, w.Address }).OnDelete(DeleteBehavior.Cascade);
    }
}
