using System.Globalization;
using System.Net;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Rules;

/// <summary>Host names and addresses of mail servers.</summary>
internal static class HostSyntax
{
    private const int MaxLength = 253;
    private static readonly IdnMapping s_idn = new() { UseStd3AsciiRules = true };

    /// <summary>A host name or an IP address: no URL, port, space or control character.</summary>
    public static bool IsHost(string host) =>
        Uri.CheckHostName(host) is UriHostNameType.IPv4 or UriHostNameType.IPv6
            ? IPAddress.TryParse(host, out var address) && !ForbiddenAddresses.Contains(address)
            : IsName(host);

    public static bool IsName(string host) =>
        host.Length is > 0 and <= MaxLength
        && ToAscii(host) is { } ascii
        && ascii.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-')
        && ascii.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>Lower case, without the root's dot or IPv6 brackets, internationalised names in ASCII (RFC 5891).</summary>
    public static string Normalize(string host)
    {
        var trimmed = host.Trim(' ').TrimEnd('.').ToLowerInvariant();
        return trimmed is ['[', .., ']'] ? trimmed[1..^1] : ToAscii(trimmed) ?? trimmed;
    }

    private static string? ToAscii(string host)
    {
        if (host.All(char.IsAscii))
        {
            return host;
        }

        try
        {
            return s_idn.GetAscii(host);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
