using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Addresses of a header, groups resolved, fit for a row and a screen.</summary>
internal static class MailAddresses
{
    private const int MaxAddresses = 1000;

    public static List<MailAddress> Of(InternetAddressList list) =>
        [.. list.Mailboxes.Take(MaxAddresses).Select(Of).Where(address => address.Name.Length + address.Address.Length > 0)];

    /// <summary>Who wrote the mail, from the best header that tells; never null.</summary>
    public static MailAddress Sender(MimeMessage message) =>
        Of(message.From).Find(IsWhole)
        ?? (Rescue(message.Headers[HeaderId.From]) is { } rescued && IsWhole(rescued) ? rescued : null)
        ?? Of(message.From).FirstOrDefault()
        ?? Rescue(message.Headers[HeaderId.From])
        ?? (message.Sender is { } sender ? Of(sender) : null)
        ?? Of(message.ReplyTo).FirstOrDefault()
        ?? Rescue(message.Headers[HeaderId.ReturnPath])
        ?? new MailAddress("", "");

    /// <summary>What looks like an address in a header that breaks the rules; else all of it as a name.</summary>
    public static MailAddress? Rescue(string? header)
    {
        var value = HeaderText.Clean(header, HeaderText.MaxSubject);
        if (MailboxAddress.TryParse(MailLimits.ParserOptions, value, out var mailbox) && Of(mailbox) is var parsed && IsWhole(parsed))
        {
            return parsed;
        }

        var words = value.Split([' ', '<', '>', ',', ';', '"', '(', ')', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        var address = Array.Find(words, word => word.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < word.Length - 1) ?? "";
        var name = string.Join(' ', words.Where(word => word != address));
        return value.Length == 0 || (name.Length == 0 && address.Length == 0)
            ? null
            : new(HeaderText.Clean(name, HeaderText.MaxName), HeaderText.Clean(address, HeaderText.MaxAddress));
    }

    private static bool IsWhole(MailAddress address) => address.Address.Contains('@', StringComparison.Ordinal);

    private static MailAddress Of(MailboxAddress mailbox) => new(
        HeaderText.Clean(mailbox.Name, HeaderText.MaxName),
        HeaderText.Clean(mailbox.Address, HeaderText.MaxAddress));
}
