using System.Text.Json;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Brings what people enter into one form: outer spaces go, what may be left out is filled in. Passwords stay as they are.</summary>
internal static class MailboxNormalization
{
    public static MailboxInput Normalized(this MailboxInput input)
    {
        var data = input.Data;
        var imap = Normalized(data.Imap, 993, 143);
        var smtp = Normalized(data.Smtp, 465, 587);
        return input with
        {
            Channel = Text(input.Channel)?.ToLowerInvariant() ?? "",
            Name = Text(input.Name),
            Data = data with
            {
                Method = Text(data.Method)?.ToLowerInvariant() ?? "",
                Address = Address(data.Address),
                SenderName = Text(data.SenderName),
                Aliases = [.. data.Aliases.Select(alias => Address(alias) ?? "").Distinct(StringComparer.OrdinalIgnoreCase)],
                Imap = imap,
                Smtp = smtp with { User = smtp.User ?? imap.User },
                Folders = data.Folders is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : data.Folders,
                Spam = data.Spam is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : data.Spam,
            },
        };
    }

    public static ServerInput Normalized(ServerInput server, int tlsPort, int plainPort) => server with
    {
        Host = Text(server.Host) is { } host ? HostSyntax.Normalize(host) : null,
        Port = server.Port ?? (server.Security is ConnectionSecurity.Tls ? tlsPort : plainPort),
        User = Text(server.User),
        Password = server.Password is { Length: > 0 } password ? password : null,
        TrustedCertificate = Text(server.TrustedCertificate) is not { } trusted ? null
            : CertificateFingerprint.TryNormalize(trusted, out var fingerprint) ? fingerprint : trusted,
    };

    private static string? Address(string? address) => Text(address) is { } text ? AddressSyntax.Normalize(text) : null;

    /// <summary>Only spaces are trimmed: a line break is refused, not repaired.</summary>
    private static string? Text(string? text) => text?.Trim(' ', '\u00A0') is { Length: > 0 } trimmed ? trimmed : null;
}
