using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>To whom an answer goes; a forward goes to nobody yet.</summary>
/// <param name="To">Empty only for a forward, or if the answered message names nobody.</param>
internal sealed record ReplyAddressing(IReadOnlyList<MailAddress> To, IReadOnlyList<MailAddress> Cc)
{
    private const int MaxName = 200;

    /// <summary>What cannot be an address is left out.</summary>
    /// <param name="original">Who wrote the mail that one of us forwarded in; the forwarder then gets a copy of what goes to all.</param>
    /// <param name="ownAddresses">Lower case.</param>
    public static ReplyAddressing For(Message answered, DraftMode mode, MailAddress? original, IReadOnlySet<string> ownAddresses)
    {
        if (mode is not (DraftMode.Reply or DraftMode.ReplyAll))
        {
            return new ReplyAddressing([], []);
        }

        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        List<MailAddress> to = [.. Fresh(original is null ? First(answered) : [original])];
        if (mode is DraftMode.Reply)
        {
            return new ReplyAddressing(to, []);
        }

        if (answered.Direction is MessageDirection.In)
        {
            to.AddRange(Fresh(answered.To.Where(IsNotUs)));
        }

        return new ReplyAddressing(to, [.. Fresh((original is null ? answered.Cc : [new MailAddress(answered.FromName, answered.FromAddress), .. answered.Cc]).Where(IsNotUs))]);

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
