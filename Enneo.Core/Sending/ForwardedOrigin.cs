using System.Text.RegularExpressions;
using Enneo.Core.Messages;

namespace Enneo.Core.Sending;

/// <summary>The mail within a mail that was forwarded by hand.</summary>
/// <param name="Person">Who wrote it.</param>
/// <param name="Text">Its text, without what the forwarder wrote above.</param>
internal sealed partial record ForwardedOrigin(MailAddress Person, string Text)
{
    private const int MaxLines = 2000;
    private const int MaxHeading = 12;
    private const int MaxLine = 1000;

    /// <summary>Whether a subject says that the mail was forwarded, in the words of mail programs.</summary>
    public static bool IsForward(string subject) => Subject().IsMatch(subject[..Math.Min(subject.Length, MaxLine)]);

    /// <summary>
    /// Finds the block "From, Date, Subject, To" that mail programs put above what is forwarded, in whatever order and
    /// of their languages: at least three of its lines near each other.
    /// </summary>
    /// <returns>Null when there is none, or it names nobody.</returns>
    public static ForwardedOrigin? Find(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n', MaxLines + 1).Take(MaxLines).Select(Bare).ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            if (Heading().Match(lines[i]) is not { Success: true })
            {
                continue;
            }

            var block = lines.Skip(i).Take(MaxHeading).TakeWhile((line, index) => index == 0 || line.Length > 0).ToList();
            var fields = block.Select(line => Heading().Match(line)).Where(match => match.Success).ToList();
            var from = fields.Find(match => match.Groups["from"].Success);
            var kinds = fields.Select(KindOf).Distinct().Count();
            if (from is not null && kinds >= 3 && Party().Match(from.Groups["value"].Value) is { Success: true } person)
            {
                var below = string.Join('\n', lines.Skip(i + block.Count)).Trim();
                return new ForwardedOrigin(new MailAddress(NameOf(person), person.Groups["address"].Value), below);
            }
        }

        return null;
    }

    /// <summary>Without quote marks and the asterisks of bold letters.</summary>
    private static string Bare(string line)
    {
        var bare = line.Length <= MaxLine ? line : line[..MaxLine];
        return bare.TrimStart('>', ' ', '\t', '\u00A0').Replace("*", "", StringComparison.Ordinal).Trim();
    }

    private static string NameOf(Match person) => person.Groups["name"].Value.Trim(' ', '"', '\'', '\t');

    private static string KindOf(Match field) =>
        field.Groups["from"].Success ? "from" : field.Groups["when"].Success ? "when" : field.Groups["subject"].Success ? "subject" : "to";

    [GeneratedRegex(@"^\s*(?:(?:re|aw)\s?:\s*)*(?:fwd?|wg|tr|doorst|vb|rv)\s?:", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex Subject();

    /// <summary>English, German, French, Dutch, Spanish and Italian.</summary>
    [GeneratedRegex(
        @"^(?:(?<from>from|von|de|van|da)|(?<when>date|sent|datum|gesendet|envoyé|verzonden|fecha|enviado|data|inviato)|(?<subject>subject|betreff|objet|onderwerp|asunto|oggetto)|(?<to>to|an|à|aan|para|a|cc|reply-to|antwort an))\s?:\s*(?<value>.*)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Heading();

    /// <summary>As in <c>Jonas Weber &lt;jonas@example.com&gt;</c>, <c>Jonas Weber [mailto:jonas@example.com]</c> and <c>jonas@example.com</c>.</summary>
    [GeneratedRegex(
        @"^(?<name>[^<>\[\]]{0,200}?)\s*[<\[(]?(?:mailto:)?(?<address>[^\s<>\[\]()"",;:@]{1,64}@[^\s<>\[\]()"",;:@]{1,190})[>\])]?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 200)]
    private static partial Regex Party();
}
