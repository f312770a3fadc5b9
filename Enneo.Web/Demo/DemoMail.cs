using Enneo.Core.Mailboxes;

namespace Enneo.Web.Demo;

/// <summary>What a sample mail is an example of.</summary>
internal enum DemoMailKind
{
    Person,
    Newsletter,
    Notification,
    Spam,
    Invitation,
    Bounce,
    AutoReply,
    Digest,
    ContactForm,
}

/// <summary>A sample mail as a mail server would hold it.</summary>
/// <param name="Mailbox">Name of one of <see cref="DemoMailboxes.All"/>.</param>
/// <param name="Folder"><see cref="FolderRole.Inbox"/> or <see cref="FolderRole.Sent"/>.</param>
internal sealed record DemoMail(
    string Conversation, string Mailbox, FolderRole Folder, DemoMailKind Kind, byte[] Raw, DateTimeOffset ReceivedAt, bool Seen);
