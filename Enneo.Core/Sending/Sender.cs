using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>What stands in From.</summary>
internal static class Sender
{
    public static MailAddress Of(Mailbox mailbox) => Of(mailbox, "");

    /// <param name="address">One of the mailbox; empty for its main one.</param>
    public static MailAddress Of(Mailbox mailbox, string address) =>
        new(mailbox.SenderName.Length > 0 ? mailbox.SenderName : mailbox.Name, address.Length > 0 ? address : mailbox.Address);

    /// <returns>The address as the mailbox writes it; null if it is none of its own.</returns>
    public static string? Find(Mailbox mailbox, string address) =>
        mailbox.Aliases.Prepend(mailbox.Address).FirstOrDefault(own => own.Equals(address, StringComparison.OrdinalIgnoreCase));

    /// <summary>Its main address first.</summary>
    public static IEnumerable<SenderChoice> Choices(Mailbox mailbox) =>
        mailbox.Aliases.Prepend(mailbox.Address).Select(address => new SenderChoice(mailbox.Id, Of(mailbox, address), mailbox.Signature.Length > 0));
}
