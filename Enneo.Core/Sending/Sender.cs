using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>What stands in From.</summary>
internal static class Sender
{
    public static MailAddress Of(Mailbox mailbox) => new(mailbox.SenderName.Length > 0 ? mailbox.SenderName : mailbox.Name, mailbox.Address);
}
