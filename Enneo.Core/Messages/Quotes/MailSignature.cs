namespace Enneo.Core.Messages.Quotes;

/// <summary>Signatures that say what they are: below "-- " (RFC 3676, section 4.3), or the line that a telephone adds.</summary>
internal static class MailSignature
{
    private const int MaxWords = 9;
    private const int MaxLength = 160;

    private const int LongSignature = 40;
    private const int LongLooseSignature = 6;
    private const int LongLooseLine = 60;

    public static bool IsDelimiter(string line) => line is "-- " or "--" or "--\u00A0";

    /// <summary>Where the blank behind the dashes is missing they may just be dashes: then nothing below them may read like a sentence.</summary>
    public static bool MayStandBelow(string delimiter, IEnumerable<MailLine> lines)
    {
        var words = lines.Where(line => !line.IsBlank).Select(line => line.Text.Trim()).ToList();
        return delimiter.Length > 2
            ? words.Count <= LongSignature
            : words.Count <= LongLooseSignature && words.TrueForAll(line => line.Length <= LongLooseLine && line[^1] is not ('.' or '!' or '?' or ':' or ','));
    }

    /// <returns>How many lines make it known; 0 if none begins here.</returns>
    public static int At(IReadOnlyList<MailLine> lines, int i) => IsDelimiter(lines[i].Text) || IsSentFrom(lines, i) ? 1 : 0;

    /// <summary>A paragraph of its own and no sentence: what somebody sent from their office is told in one.</summary>
    private static bool IsSentFrom(IReadOnlyList<MailLine> lines, int i)
    {
        var line = WithoutAddress(lines[i].Text).Trim().TrimStart('[', '*', '_');
        var startsParagraph = i > 0 && (lines[i - 1].IsBlank || lines[i - 1].Depth > 0 || QuoteHeading.IsRule(lines[i - 1].Text));
        var endsParagraph = i + 1 == lines.Count || lines[i + 1].IsBlank || lines[i + 1].Depth > 0 || QuoteHeading.IsRule(lines[i + 1].Text)
            || QuoteAttribution.At(lines, i + 1).IsCertain || QuoteHeading.IsHeader(lines, i + 1) || QuoteHeading.IsOriginalMessage(lines, i + 1);
        return startsParagraph && endsParagraph
            && line.Length is > 0 and <= MaxLength
            && line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= MaxWords
            && line[^1] is not ('.' or '?' or '!' or ':' or ',')
            && Array.Exists(QuoteWords.SentFrom, words => line.StartsWith(words, StringComparison.OrdinalIgnoreCase))
            && Array.Exists(QuoteWords.Devices, device => line.Contains(device, StringComparison.OrdinalIgnoreCase));
    }

    private static string WithoutAddress(string line) => line.IndexOf('<', StringComparison.Ordinal) is > 0 and var at ? line[..at] : line;
}
