using System.Text.RegularExpressions;

namespace Enneo.Core.Messages.Quotes;

/// <summary>
/// "On Monday, 3 May 2021 at 10:00, Anna &lt;anna@example.com&gt; wrote:", broken over several lines or not, by its
/// shape: a date near the beginning, an address or the verb near the end. So it is known in languages that
/// nobody listed here.
/// </summary>
/// <param name="Lines">How many; 0 if there is none.</param>
/// <param name="IsCertain">Only a mailer writes so; else it needs a marked quote below it.</param>
internal readonly partial record struct QuoteAttribution(int Lines, bool IsCertain)
{
    private const int MaxLines = 4;
    private const int MaxLength = 400;
    private const int MaxWordsBeforeDate = 4;
    private const int MaxCharactersBeforeDate = 40;
    private const int MaxWordsAfterAddress = 3;
    private const int MaxLooseLength = 120;

    public static QuoteAttribution At(IReadOnlyList<MailLine> lines, int start)
    {
        var first = lines[start].Text.Trim();
        if (first.Length is 0 or > MaxLength)
        {
            return default;
        }

        var beginsWithDate = BeginsWithDate(first);
        var joined = first;
        for (var count = 1; count <= MaxLines; count++)
        {
            if (IsAttribution(joined, beginsWithDate, out var isCertain))
            {
                return new(count, isCertain);
            }

            var next = start + count;
            var isStray = next < lines.Count && lines[next].Text.Trim() is ":" or "："; // a ">" at the line's begin that closed an address
            if (next >= lines.Count || (lines[next].Depth > 0 && !isStray) || lines[next].IsBlank || joined.Length + lines[next].Text.Length > MaxLength
                || (!beginsWithDate && !first.Contains('@', StringComparison.Ordinal)))
            {
                break;
            }

            joined = $"{joined} {lines[next].Text.Trim()}";
        }

        return default;
    }

    private static bool IsAttribution(string text, bool beginsWithDate, out bool isCertain)
    {
        isCertain = false;
        var hasTime = TimeOfDay.IsMatch(text);
        var hasDate = hasTime || Date.IsMatch(text);
        var isAddressed = EndsWithAddress(text);
        var wrote = HasVerb(text);
        var ends = text[^1] is ':' or '：' || EndsWithVerb(text);
        if (!ends)
        {
            return false;
        }

        isCertain = hasDate && (
            (beginsWithDate && (isAddressed || (wrote && (hasTime || text.Contains('@', StringComparison.Ordinal)))))
            || (!beginsWithDate && wrote && text.Contains('@', StringComparison.Ordinal) && hasTime));
        return isCertain || (text.Length <= MaxLooseLength && wrote && text[^1] is ':' or '：') || (beginsWithDate && wrote);
    }

    /// <summary>A digit after a few words: "On Mon, Aug 26", "Il giovedì 8", "2017-11-24", "ср, 30 апр."</summary>
    private static bool BeginsWithDate(string line)
    {
        var digit = line.AsSpan().IndexOfAnyInRange('0', '9');
        if (digit is < 0 or > MaxCharactersBeforeDate)
        {
            return false;
        }

        var words = line[..digit];
        return words.IndexOfAny(['@', '<', ':', '/', '?', '!', ';']) < 0 && words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MaxWordsBeforeDate;
    }

    /// <summary>An address in brackets, then at most the verb, then a colon.</summary>
    private static bool EndsWithAddress(string text)
    {
        var at = text.LastIndexOf('@');
        if (at <= 0 || text[^1] is not (':' or '：'))
        {
            return false;
        }

        var bracket = text.LastIndexOfAny(['<', '(', '['], at);
        var after = text.AsSpan(at + 1, text.Length - at - 2);
        var end = after.IndexOfAny(" >)]");
        var isBracketed = bracket >= 0 && text.AsSpan(bracket + 1, at - bracket - 1).Trim().IndexOf(' ') < 0 && end >= 0;
        return isBracketed && after[end..].Trim(" >)]").ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MaxWordsAfterAddress;
    }

    private static bool HasVerb(string text) => Array.Exists(QuoteWords.Wrote, verb => IndexOfWord(text, verb) >= 0);

    private static bool EndsWithVerb(string text) => Array.Exists(QuoteWords.Wrote, verb => text.EndsWith(verb, StringComparison.OrdinalIgnoreCase) && IndexOfWord(text, verb) >= 0);

    private static int IndexOfWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var begins = at == 0 || !char.IsLetter(text[at - 1]);
            var ends = at + word.Length == text.Length || !char.IsLetter(text[at + word.Length]);
            if (begins && ends)
            {
                return at;
            }
        }

        return -1;
    }

    [GeneratedRegex(@"\b[0-9]{1,2}\s?[:.h][0-9]{2}\b")]
    private static partial Regex TimeOfDay { get; }

    [GeneratedRegex(@"\b(?:19|20)[0-9]{2}\b|\b[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}\b")]
    private static partial Regex Date { get; }
}
