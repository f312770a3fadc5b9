using MimeKit;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Mail addresses as a mailbox may have them: plain <c>local@domain</c>, without names, quotes, comments or line breaks.</summary>
internal static class AddressSyntax
{
    /// <summary>RFC 5321, section 4.5.3.1.3, less the angle brackets.</summary>
    private const int MaxLength = 254;

    public static bool IsAddress(string? address) =>
        address is { Length: > 2 and <= MaxLength }
        && !address.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || "\"()<>[]:;,\\".Contains(c, StringComparison.Ordinal))
        && address.LastIndexOf('@') > 0
        && HostSyntax.IsName(DomainOf(address))
        && MailboxAddress.TryParse(address, out var parsed)
        && parsed.Address == address;

    /// <returns>What follows the last @, in lower case.</returns>
    public static string DomainOf(string address) => address[(address.LastIndexOf('@') + 1)..].ToLowerInvariant();

    /// <summary>The domain in lower case; the local part stays, since only its owner knows whether case matters there.</summary>
    public static string Normalize(string address) =>
        address.LastIndexOf('@') is var at and > 0 ? $"{address[..at]}@{DomainOf(address)}" : address;
}
