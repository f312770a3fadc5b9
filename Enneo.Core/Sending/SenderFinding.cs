using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>The address that a customer wrote to, so that the answer comes from there.</summary>
internal sealed class SenderFinding(MessageReader reader)
{
    private const int MaxHeader = 256 * 1024;

    /// <summary>Written by the server that delivered, for mail that names no address of ours: a blind copy, a list, a forwarding.</summary>
    private static readonly string[] s_deliveryHeaders = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"];

    /// <returns>Empty for the mailbox's main address.</returns>
    public async Task<string> FindAsync(Message answered, Mailbox mailbox, CancellationToken cancellationToken)
    {
        if (mailbox.Aliases.Count == 0)
        {
            return "";
        }

        if (answered.Direction is MessageDirection.Out)
        {
            return Sender.Find(mailbox, answered.FromAddress) ?? "";
        }

        return answered.To.Concat(answered.Cc).Select(party => Sender.Find(mailbox, party.Address)).FirstOrDefault(own => own is not null)
            ?? await DeliveredToAsync(answered, mailbox, cancellationToken)
            ?? "";
    }

    private async Task<string?> DeliveredToAsync(Message answered, Mailbox mailbox, CancellationToken cancellationToken)
    {
        using var source = await reader.FindSourceAsync(Reach.All, answered.Id, cancellationToken);
        if (source is null)
        {
            return null;
        }

        using MemoryStream head = new(source.Head(MaxHeader).ToArray(), writable: false);
        try
        {
            var headers = await HeaderList.LoadAsync(head, cancellationToken);
            return headers
                .Where(header => s_deliveryHeaders.Contains(header.Field, StringComparer.OrdinalIgnoreCase))
                .Select(header => Sender.Find(mailbox, header.Value.Trim(' ', '\t', '<', '>')))
                .FirstOrDefault(own => own is not null);
        }
        catch (FormatException)
        {
            return null; // no header that could be read: the main address answers
        }
    }
}
