using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>To whom an answer goes.</summary>
/// <param name="To">Never empty if the answered message names anybody.</param>
internal sealed record ReplyAddressing(IReadOnlyList<MailAddress> To, IReadOnlyList<MailAddress> Cc)
{
    private const int MaxName = 200;

    /// <summary>What cannot be an address is left out.</summary>
    /// <param name="ownAddresses">Lower case.</param>
    public static ReplyAddressing For(Message answered, ReplyMode mode, IReadOnlySet<string> ownAddresses)
    {
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<MailAddress> to = [.. Fresh(First(answered))];
        if (mode is ReplyMode.Reply)
        {
            return new ReplyAddressing(to, []);
        }

        if (answered.Direction is MessageDirection.In)
        {
            to.AddRange(Fresh(answered.To.Where(IsNotUs)));
        }

        return new ReplyAddressing(to, [.. Fresh(answered.Cc.Where(IsNotUs))]);

        bool IsNotUs(MailAddress address) => !ownAddresses.Contains(address.Address.ToLowerInvariant());

        IEnumerable<MailAddress> Fresh(IEnumerable<MailAddress> addresses) =>
            addresses
                .Where(address => RecipientAddress.IsValid(address.Address) && taken.Add(address.Address))
                .Select(address => address with { Name = OneLine.Of(address.Name, MaxName) });
    }

    /// <summary>Who is answered; a further word to our own message goes to those who got it.</summary>
    private static IReadOnlyList<MailAddress> First(Message answered) => answered switch
    {
        { Direction: MessageDirection.Out } => answered.To,
        { ReplyTo.Count: > 0 } => answered.ReplyTo,
        _ => [new MailAddress(answered.FromName, answered.FromAddress)],
    };
}
