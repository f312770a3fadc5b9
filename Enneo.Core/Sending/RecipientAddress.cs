using Enneo.Core.Mailboxes.Rules;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>Addresses to which mail can be sent through any server, with SMTPUTF8 or without.</summary>
internal static class RecipientAddress
{
    /// <summary>RFC 5321, section 4.5.3.1.3, less the angle brackets.</summary>
    private const int MaxLength = 254;

    public static bool IsValid(string? address) =>
        address is { Length: > 2 and <= MaxLength }
        && !address.Any(c => char.IsControl(c) || c is '<' or '>')
        && address.LastIndexOf('@') is var at and > 0
        && address.AsSpan(0, at).ContainsAnyExceptInRange(' ', '~') is false
        && HostSyntax.IsName(address[(at + 1)..])
        && MailboxAddress.TryParse(address, out var parsed)
        && parsed.Address == address;
}
