using System.Text.RegularExpressions;

namespace Enneo.Core.Messages.Bounces;

/// <summary>Reads why a delivery failed from codes and from the words that servers use.</summary>
internal static partial class FailureText
{
    /// <summary>Words this near to the ones that were found decide what they mean.</summary>
    private const int Nearby = 130;

    private const int ShortestReport = 60;

    /// <summary>Where what a server says ends and the mail begins that it returns.</summary>
    private static readonly string[] s_returned =
    [
        "---- original message", "--- below this line is a copy", "original message headers", "------ this is a copy", "--- the original message",
        "--- the header of the or", " received: from ", " return-path: ", "message header", "below is a copy", "original message follows", "message headers follow",
        "original message:", "unsent message follows",
    ];

    private static readonly (FailureReason Reason, string[] Words)[] s_words =
    [
        (FailureReason.MailboxFull, ["mailbox full", "mailbox is full", "quota", "storage", "mailbox size", "insufficient disk", "not enough disk", "enough space", "is full", "no space left", "postfach voll", "postfach ist voll"]),
        (FailureReason.NoSuchDomain,
        [
            "host unknown", "domain not found", "domain name not found", "unknown host", "name or service not known", "no such domain", "domain does not exist",
            "name service error", "host not found", "host or domain name not found", "nxdomain", "non-existent domain", "unrouteable mail domain", "unrouteable domain",
            "find any host", "domain couldn't be found", "no mx or a records", "illegal host/domain", "bad destination host", "bad destination system",
            "nullmx", "null mx", "not accept mail", "no mail server", "recipient's domain", "unable to look up host", "no smtp service", "no mx record", "find a mail exchanger",
            "domain is not reachable", "account or domain may not exist", "no valid mx",
        ]),
        (FailureReason.RecipientDisabled, ["disabled", "suspended", "inactive", "deactivated", "locked", "not active", "closed"]),
        (FailureReason.NoSuchRecipient,
        [
            "user unknown", "unknown user", "no such", "unknown recipient", "recipient unknown", "unknown address", "address unknown", "unknown mailbox", "mailbox unknown",
            "unknown local", "unknown account", "unknown or illegal", "not found", "does not exist", "doesn't exist", "not exist", "no mailbox", "not a valid",
            "invalid recipient", "invalid mailbox", "invalid address", "invalid user", "invalid final delivery userid", "mailbox unavailable", "unrouteable address",
            "unroutable address", "user is unknown", "unknown to", "not known", "isn't known", "not listed in", "no longer", "not our customer", "unbekannt", "inconnu",
            "no account", "bad destination mailbox", "recipient rejected", "user doesn", "couldn't be found", "wasn't found", "address error", "not local",
            "unable to find", "mailbox does not", "no valid recipients", "existiert nicht", "not a registered",
        ]),
        (FailureReason.TooLarge, ["too large", "too big", "size limit", "exceeds"]),
    ];

    private static readonly Dictionary<string, FailureReason> s_codes = new(StringComparer.Ordinal)
    {
        ["5.1.1"] = FailureReason.NoSuchRecipient,
        ["5.1.10"] = FailureReason.NoSuchRecipient,
        ["5.1.3"] = FailureReason.NoSuchRecipient,
        ["5.1.351"] = FailureReason.NoSuchRecipient,
        ["5.1.2"] = FailureReason.NoSuchDomain,
        ["5.4.4"] = FailureReason.NoSuchDomain,
        ["5.7.27"] = FailureReason.NoSuchDomain,
        ["5.1.6"] = FailureReason.Moved,
        ["5.2.2"] = FailureReason.MailboxFull,
        ["4.2.2"] = FailureReason.MailboxFull,
        ["5.3.4"] = FailureReason.TooLarge,
        ["5.2.3"] = FailureReason.TooLarge,
        ["5.4.7"] = FailureReason.NotReached,
        ["4.4.7"] = FailureReason.NotReached,
    };

    public static string Folded(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    public static string WithoutReturnedMail(string text)
    {
        foreach (var mark in s_returned)
        {
            var at = text.IndexOf(mark, StringComparison.OrdinalIgnoreCase);
            text = at > ShortestReport ? text[..at] : text;
        }

        return text;
    }

    /// <param name="diagnostic">The remote server's words.</param>
    /// <param name="status">The enhanced status code of the recipient.</param>
    /// <param name="text">What the report tells a person.</param>
    public static FailureReason Judge(string diagnostic, string status, string text)
    {
        var (words, report) = (diagnostic.ToLowerInvariant(), text.ToLowerInvariant());
        var reason = ByWords(words, status)
            ?? ByCode(words, status)
            ?? ByWords(report, "")
            ?? ByCode(report, "")
            ?? (Unreached.IsMatch(words.Length > 0 ? words : report) ? FailureReason.NotReached : FailureReason.Unknown);

        // A server that took the recipient and then, seeing the mail, does not know them, means the mail.
        return reason is FailureReason.NoSuchRecipient && IsSaidOfTheMail(report) ? FailureReason.Refused : reason;
    }

    private static FailureReason? ByWords(string text, string status)
    {
        var code = EnhancedCode.Match(text) is { Success: true } match ? match.Value : status;
        if (code is "5.2.2" or "4.2.2")
        {
            return FailureReason.MailboxFull;
        }

        if (code.StartsWith("5.7.", StringComparison.Ordinal) && !s_codes.ContainsKey(code))
        {
            return FailureReason.Refused;
        }

        var found = (At: int.MaxValue, Length: 0, Reason: FailureReason.Unknown);
        foreach (var (reason, words) in s_words)
        {
            foreach (var word in words)
            {
                if (text.IndexOf(word, StringComparison.Ordinal) is >= 0 and var at && at < found.At)
                {
                    found = (at, word.Length, reason);
                }
            }
        }

        if (found.At == int.MaxValue)
        {
            return null;
        }

        var start = Math.Max(0, found.At - Nearby);
        var around = text[start..Math.Min(text.Length, found.At + found.Length + Nearby)];
        return found.Reason is FailureReason.MailboxFull or FailureReason.TooLarge ? found.Reason
            : Unreached.IsMatch(around) ? FailureReason.NotReached
            : Rules.IsMatch(around) ? FailureReason.Refused
            : found.Reason;
    }

    private static FailureReason? ByCode(string text, string status)
    {
        if (text.Length > 0 && Rules.IsMatch(text) && status.Length > 0)
        {
            return FailureReason.Refused;
        }

        var code = EnhancedCode.Match(text) is { Success: true } match ? match.Value : status;
        return s_codes.TryGetValue(code, out var reason) ? reason
            : code.StartsWith("4.", StringComparison.Ordinal) ? FailureReason.NotReached
            : code.StartsWith("5.7.", StringComparison.Ordinal) ? FailureReason.Refused
            : null;
    }

    private static bool IsSaidOfTheMail(string report) =>
        report.Contains("end of data", StringComparison.Ordinal)
        || report.Contains("smtp command data", StringComparison.Ordinal)
        || (FirstCommand.Match(report) is { Success: true } first && first.Groups["command"].Value == "data" && !Pipelined.IsMatch(report));

    [GeneratedRegex(@"\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b")]
    private static partial Regex EnhancedCode { get; }

    [GeneratedRegex(@"\b(?:spam|spamhaus|blacklist\w*|blocklist\w*|blocked|rbl|dnsbl|policy|relay\w*|greylist\w*|virus|dmarc|spf|dkim|authenticat\w*|rate limit\w*|throttl\w*|too many|reverse|ptr|denied by|reputation|sender address|mail from|return-path|hour|redundant|access from)\b")]
    private static partial Regex Rules { get; }

    [GeneratedRegex(@"\b(?:timed out|timeout|temporar\w*|deferred|connection refused|connection reset|connect to|expired|retry time|too long|no route|unreachable)\b")]
    private static partial Regex Unreached { get; }

    [GeneratedRegex(@">>> (?<command>[a-z]{1,20}).{0,300}?<<< [45]")]
    private static partial Regex FirstCommand { get; }

    [GeneratedRegex(@"<<< 503|<<< 554 5\.5\.1|need rcpt|no valid recip")]
    private static partial Regex Pipelined { get; }
}
