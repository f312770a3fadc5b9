using MimeKit;
using MimeKit.Cryptography;

namespace Enneo.Core.Messages.Authentication;

public enum SenderCheck
{
    /// <summary>The domain that the mail names as its sender's vouches for it.</summary>
    Confirmed,

    /// <summary>It was looked at, and nothing vouches for it.</summary>
    NotConfirmed,

    /// <summary>The domain says how its mail is to be known, and this one is not.</summary>
    MayBeForged,
}

/// <summary>What one method found.</summary>
/// <param name="Method">In capitals, as people know it: SPF, DKIM, DMARC.</param>
/// <param name="Result">The server's own word, such as "pass".</param>
/// <param name="Domain">What it was found for; may be empty.</param>
public sealed record AuthenticationFinding(string Method, string Result, string Domain);

/// <summary>Whether a mail comes from where it says, as our receiving server found when it came (RFC 8601).</summary>
/// <param name="Domain">Of the address that the mail names as its sender's.</param>
/// <param name="Server">Who looked; empty if it does not name itself.</param>
public sealed record SenderAuthentication(SenderCheck Check, string Domain, string Server, IReadOnlyList<AuthenticationFinding> Findings)
{
    private const int MaxFindings = 20;

    private static readonly string[] s_methods = ["spf", "dkim", "dmarc", "auth"];

    /// <returns>Null where no server that we know has looked: nothing is known, so nothing is said.</returns>
    public static SenderAuthentication? Of(MimeMessage message)
    {
        if (ReceivingServer.Results(message.Headers) is not [var first, ..] results)
        {
            return null;
        }

        var methods = results.SelectMany(result => result.Results).Where(method => s_methods.Contains(method.Method, StringComparer.OrdinalIgnoreCase)).Take(MaxFindings).ToList();
        var domain = message.From.Mailboxes.ToList() is [var only] ? Clean(only.Domain) : "";
        var findings = methods.Select(method => new AuthenticationFinding(method.Method.ToUpperInvariant(), Clean(method.Result), DomainOf(method))).ToList();
        return domain.Length == 0 || findings.Count == 0 ? null : new(Judge(domain, findings), domain, Clean(first.AuthenticationServiceIdentifier), findings);
    }

    private static SenderCheck Judge(string domain, List<AuthenticationFinding> findings)
    {
        if (findings.Exists(finding => finding is { Method: "DMARC", Result: "fail" }))
        {
            return SenderCheck.MayBeForged;
        }

        return findings.Exists(finding => finding.Result == "pass" && IsOf(finding.Domain, domain))
            ? SenderCheck.Confirmed
            : findings.Exists(finding => finding is { Method: "SPF", Result: "fail" } && IsOf(finding.Domain, domain))
                ? SenderCheck.MayBeForged
                : SenderCheck.NotConfirmed;
    }

    /// <summary>Relaxed alignment (RFC 7489, section 3.1) as far as it needs no list of public suffixes: the same, above or below.</summary>
    private static bool IsOf(string found, string domain) =>
        found.Contains('.', StringComparison.Ordinal)
        && (found == domain
            || domain.EndsWith("." + found, StringComparison.Ordinal)
            || found.EndsWith("." + domain, StringComparison.Ordinal));

    private static string DomainOf(AuthenticationMethodResult method)
    {
        string? Value(string type, string property) => method.Properties.FirstOrDefault(p =>
            p.PropertyType.Equals(type, StringComparison.OrdinalIgnoreCase) && p.Property.Equals(property, StringComparison.OrdinalIgnoreCase))?.Value;
        var value = method.Method.ToLowerInvariant() switch
        {
            "dkim" => Value("header", "d") ?? Value("header", "i"),
            "dmarc" => Value("header", "from"),
            _ => Value("smtp", "mailfrom") ?? Value("smtp", "helo"),
        };
        return Clean(value)[(Clean(value).LastIndexOf('@') + 1)..].TrimEnd('.');
    }

    private static string Clean(string? value) => HeaderText.Clean(value, HeaderText.MaxAddress).ToLowerInvariant();
}
