using MimeKit;
using MimeKit.Cryptography;

namespace Enneo.Core.Spam.Headers;

/// <summary>
/// What the receiving side found about a mail's sender (RFC 8601): the topmost results and those right below them that
/// bear the same server's name, since each of its filters may write its own. Lower ones may be anybody's.
/// </summary>
internal static class DmarcResults
{
    private const string Field = "Authentication-Results";
    private const int MaxFields = 500;

    public static HeaderFinding? FindFailure(HeaderList headers, HeaderExemptions exemptions)
    {
        var isFailed = Methods(headers, exemptions).Any(method => Is(method, "dmarc", "fail"));
        return !isFailed || IsPinned(headers, exemptions)
            ? null
            : HeaderRules.Found(HeaderRule.Dmarc, Field, "dmarc=fail");
    }

    /// <summary>Whether the domain itself stands behind the mail.</summary>
    public static bool VouchFor(string domain, HeaderList headers, HeaderExemptions exemptions) => Methods(headers, exemptions)
        .Any(method => Is(method, "dmarc", "pass") || (Is(method, "dkim", "pass") && method.Properties.Any(property =>
            property.Property is "d" or "i" && property.Value[(property.Value.LastIndexOf('@') + 1)..].Equals(domain, StringComparison.OrdinalIgnoreCase))));

    private static IEnumerable<AuthenticationMethodResult> Methods(HeaderList headers, HeaderExemptions exemptions) =>
        OfReceivingSide(headers, exemptions.AuthenticationServer).SelectMany(result => result.Results);

    private static bool Is(AuthenticationMethodResult method, string name, string result) =>
        method.Method.Equals(name, StringComparison.OrdinalIgnoreCase) && method.Result.Equals(result, StringComparison.OrdinalIgnoreCase);

    private static List<AuthenticationResults> OfReceivingSide(HeaderList headers, string? server)
    {
        List<AuthenticationResults> results = [];
        foreach (var header in headers.Take(MaxFields))
        {
            if (header.Id is HeaderId.Received && results.Count > 0)
            {
                break; // written by another hand, at another time
            }

            if (header.Id is not HeaderId.AuthenticationResults)
            {
                continue;
            }

            var value = header.RawValue;
            var result = AuthenticationResults.TryParse(value, 0, value.Length, out var read) ? read : null;
            if (server is not null && (result is null || !Name(result).Equals(server, StringComparison.OrdinalIgnoreCase)))
            {
                continue;
            }

            if (result is null || (results is [var first, ..] && !Name(result).Equals(Name(first), StringComparison.OrdinalIgnoreCase)))
            {
                break;
            }

            results.Add(result);
        }

        return results;
    }

    /// <summary>Empty for Exchange, which may not name itself.</summary>
    private static string Name(AuthenticationResults result) => result.AuthenticationServiceIdentifier ?? "";

    private static bool IsPinned(HeaderList headers, HeaderExemptions exemptions) =>
        exemptions.Pins.Count > 0
        && HeaderSender.Of(headers) is { } sender
        && exemptions.Pins.Any(pin => pin.FromDomain == sender.Domain && Ways(headers).Contains(pin.Via, StringComparer.OrdinalIgnoreCase));

    /// <summary>The domains that a mail came over: who sealed it (ARC), whom its bounces go to, its mailing list.</summary>
    private static IEnumerable<string> Ways(HeaderList headers) => Sealers(headers).Concat(ReturnPaths(headers)).Concat(Lists(headers));

    /// <returns>The last one first.</returns>
    public static IEnumerable<string> Sealers(HeaderList headers)
    {
        foreach (var seal in HeaderRules.Values(headers, "ARC-Seal"))
        {
            foreach (var tag in seal.Split(';', StringSplitOptions.TrimEntries))
            {
                if (tag.Split('=', 2, StringSplitOptions.TrimEntries) is ["d", var domain])
                {
                    yield return domain;
                }
            }
        }
    }

    public static IEnumerable<string> ReturnPaths(HeaderList headers) =>
        HeaderRules.Values(headers, "Return-Path").Select(path => path[(path.LastIndexOf('@') + 1)..].TrimEnd('>', ' '));

    public static IEnumerable<string> Lists(HeaderList headers) =>
        HeaderRules.Values(headers, "List-Id").Select(list => list[(list.LastIndexOf('<') + 1)..].TrimEnd('>', ' '));
}
