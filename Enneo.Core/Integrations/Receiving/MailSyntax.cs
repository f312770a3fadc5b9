using System.Text.RegularExpressions;
using Enneo.Core.Messages;

namespace Enneo.Core.Integrations.Receiving;

/// <summary>What the parts of a mail may be that a program names.</summary>
public static partial class MailSyntax
{
    public const int MaxText = 2_000_000;
    public const int MaxLine = 900;
    public const int MaxId = 900;
    private const int MaxAddress = 254;

    public static bool IsAddress(string? address) =>
        address is { Length: > 2 and <= MaxAddress } && !address.Any(char.IsControl) && System.Net.Mail.MailAddress.TryCreate(address.Trim(), out var parsed) && parsed.Address == address.Trim() && new MailAddress("", parsed.Address).CanBeWritten();

    public static bool IsLine(string? text) => text is null || (text.Length <= MaxLine && !text.Any(char.IsControl));

    public static bool IsExternal(string? id) => id is null or { Length: > 0 and <= ExternalTicket.MaxLength };

    public static bool IsMessageId(string? id) =>
        id is null || (Bare(id) is { Length: > 0 and <= MaxId } bare && !bare.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c is '<' or '>') && MessageIds.IsValid(bare));

    public static string? Bare(string? messageId) => messageId?.Trim('<', '>', ' ');

    /// <summary>Whether a text that nothing is said of is HTML.</summary>
    public static bool IsHtml(string text) => Tag().IsMatch(text);

    [GeneratedRegex("<(?:!doctype|html|body|p|div|br|span|a|b|i|table|ul|ol|h[1-6])[\\s>/]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Tag();
}
