using System.Globalization;
using MimeKit;

namespace Enneo.Core.Spam.Headers;

/// <summary>
/// Judges a mail by what its header says. Fields come several times, folded and oddly spaced: every instance is looked
/// at, whatever its case.
/// </summary>
public static class HeaderRules
{
    private const int MaxFields = 500;
    private const int MaxValue = 8 * 1024;
    private const int MaxEvidence = 200;
    private const int SpamConfidence = 5;

    /// <param name="rules">Those that are switched on.</param>
    /// <returns>One finding for each rule that holds.</returns>
    public static IReadOnlyList<HeaderFinding> Find(HeaderList headers, IReadOnlySet<HeaderRule> rules, HeaderExemptions exemptions)
    {
        List<HeaderFinding> findings = [];
        foreach (var rule in Enum.GetValues<HeaderRule>().Where(rules.Contains))
        {
            var finding = rule switch
            {
                HeaderRule.SpamAssassin => FindSpamAssassin(headers),
                HeaderRule.Exchange => FindExchange(headers),
                HeaderRule.Bulk => FindBulk(headers, exemptions),
                _ => DmarcResults.FindFailure(headers, exemptions),
            };
            if (finding is not null)
            {
                findings.Add(finding);
            }
        }

        return findings;
    }

    internal static HeaderFinding Found(HeaderRule rule, string field, string evidence) =>
        new(rule, field, evidence.Length > MaxEvidence ? evidence[..MaxEvidence] : evidence);

    internal static IEnumerable<string> Values(HeaderList headers, string field) => headers
        .Take(MaxFields)
        .Where(header => header.Field.Trim().Equals(field, StringComparison.OrdinalIgnoreCase))
        .Select(header => header.Value.Length > MaxValue ? header.Value[..MaxValue].Trim() : header.Value.Trim());

    private static HeaderFinding? FindSpamAssassin(HeaderList headers)
    {
        foreach (var value in Values(headers, "X-Spam-Flag"))
        {
            if (FirstWord(value) is "YES")
            {
                return Found(HeaderRule.SpamAssassin, "X-Spam-Flag", value);
            }
        }

        return Values(headers, "X-Spam-Status").FirstOrDefault(value => FirstWord(value) is "YES") is { } status
            ? Found(HeaderRule.SpamAssassin, "X-Spam-Status", status)
            : null;
    }

    private static string FirstWord(string value)
    {
        var end = value.AsSpan().IndexOfAny(" \t,;");
        return (end < 0 ? value : value[..end]).ToUpperInvariant();
    }

    private static HeaderFinding? FindExchange(HeaderList headers)
    {
        const string Report = "X-Forefront-Antispam-Report";
        const string Confidence = "X-MS-Exchange-Organization-SCL";
        var pair = Values(headers, Report)
            .SelectMany(value => value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(IsSpamPair);
        if (pair is not null)
        {
            return Found(HeaderRule.Exchange, Report, pair);
        }

        return Values(headers, Confidence).FirstOrDefault(IsConfident) is { } level ? Found(HeaderRule.Exchange, Confidence, level) : null;
    }

    private static bool IsSpamPair(string pair) => pair.Split(':', 2, StringSplitOptions.TrimEntries) is [var key, var value]
        && ((key.Equals("SFV", StringComparison.OrdinalIgnoreCase) && value.Equals("SPM", StringComparison.OrdinalIgnoreCase))
            || (key.Equals("SCL", StringComparison.OrdinalIgnoreCase) && IsConfident(value)));

    private static bool IsConfident(string level) =>
        int.TryParse(level, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number)
        && number >= SpamConfidence;

    private static HeaderFinding? FindBulk(HeaderList headers, HeaderExemptions exemptions)
    {
        var feedback = Values(headers, "Feedback-ID").FirstOrDefault(value => !exemptions.FeedbackIds.Contains(LastPart(value), StringComparer.OrdinalIgnoreCase));
        return feedback is null || HeaderSender.Of(headers) is { } sender && sender.IsExempt(headers, exemptions)
            ? null
            : Found(HeaderRule.Bulk, "Feedback-ID", feedback);
    }

    private static string LastPart(string feedback) => feedback[(feedback.LastIndexOf(':') + 1)..].Trim();
}
