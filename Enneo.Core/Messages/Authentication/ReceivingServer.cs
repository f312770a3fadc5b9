using System.Net;
using System.Text.RegularExpressions;
using MimeKit;
using MimeKit.Cryptography;

namespace Enneo.Core.Messages.Authentication;

/// <summary>
/// Finds the results that our own side wrote (RFC 8601, section 5). Anybody can write such a header into a mail
/// before it comes to us, in the name of our server too. What stands above the first trace of another network
/// was written on our side. Of the large providers, who write theirs below, it is known that they take forged
/// ones out; they are believed if they received the mail.
/// </summary>
internal static partial class ReceivingServer
{
    private const int MaxHeaders = 200;

    private static readonly string[] s_cleaningProviders = ["google.com", "outlook.com", "yahoo.com"];

    /// <returns>The topmost one and those of the same server right below it; none if it cannot be told whose they are.</returns>
    public static IReadOnlyList<AuthenticationResults> Results(HeaderList headers)
    {
        List<AuthenticationResults> results = [];
        List<string> receivedBy = [];
        var isInside = true;
        foreach (var header in headers.Take(MaxHeaders))
        {
            if (header.Id is HeaderId.Received)
            {
                if (results.Count > 0)
                {
                    break; // what stands lower is not of the same hand
                }

                isInside &= !NamesOtherNetwork(header.Value);
                receivedBy.Add(By.Match(header.Value).Groups["host"].Value.ToLowerInvariant());
            }
            else if (header.Id is HeaderId.AuthenticationResults)
            {
                if (!TryRead(header, out var result) || (results is [var first, ..] ? Name(result) != Name(first) : !isInside && !IsOfCleaningProvider(result, receivedBy)))
                {
                    break;
                }

                results.Add(result);
            }
        }

        return results;
    }

    private static bool TryRead(Header header, out AuthenticationResults result)
    {
        var value = header.RawValue;
        return AuthenticationResults.TryParse(value, 0, value.Length, out result!) && result is not null;
    }

    private static string Name(AuthenticationResults result) => result.AuthenticationServiceIdentifier?.ToLowerInvariant() ?? "";

    /// <summary>Exchange Online names itself nowhere but in its trace.</summary>
    private static bool IsOfCleaningProvider(AuthenticationResults result, List<string> receivedBy) => Array.Exists(s_cleaningProviders, provider =>
        (IsUnder(Name(result), provider) || (Name(result).Length == 0 && provider == "outlook.com")) && receivedBy.TrueForAll(host => !host.Contains('.', StringComparison.Ordinal) || IsUnder(host, provider)));

    private static bool IsUnder(string host, string domain) => host == domain || host.EndsWith("." + domain, StringComparison.Ordinal);

    /// <summary>A trace of a host that is not on our own network.</summary>
    private static bool NamesOtherNetwork(string received) => Addresses.Matches(received).Any(match =>
        IPAddress.TryParse(match.Groups["address"].Value.Replace("IPv6:", "", StringComparison.OrdinalIgnoreCase), out var address) && !IsOwn(address));

    private static bool IsOwn(IPAddress address) =>
        IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal
        || address.GetAddressBytes() is [10, _, _, _] or [192, 168, _, _] or [172, >= 16 and < 32, _, _];

    [GeneratedRegex(@"\[(?<address>[0-9a-fA-F:.]{3,45}|IPv6:[0-9a-fA-F:.]{2,45})\]", RegexOptions.IgnoreCase)]
    private static partial Regex Addresses { get; }

    [GeneratedRegex(@"\bby\s+(?<host>[^\s;()]{1,255})", RegexOptions.IgnoreCase)]
    private static partial Regex By { get; }
}
