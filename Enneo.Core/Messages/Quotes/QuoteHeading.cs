using System.Buffers;

namespace Enneo.Core.Messages.Quotes;

/// <summary>Headings above a whole mail that is quoted: "-----Original Message-----", or the fields of its header as Outlook repeats them.</summary>
internal static class QuoteHeading
{
    private const int MaxLine = 300;
    private const int MaxFieldName = 24;
    private const int MaxHeaderLines = 16;
    private const int MaxFoldedLines = 3;

    private static readonly SearchValues<char> s_rules = SearchValues.Create("-_=*—–");
    private static readonly SearchValues<char> s_dashes = SearchValues.Create("-_—–= ");

    /// <summary>A run of dashes or the like, alone on its line.</summary>
    public static bool IsRule(string text)
    {
        var line = text.AsSpan().Trim();
        return line.Length >= 3 && line.IndexOfAnyExcept(s_rules) < 0;
    }

    public static bool IsForward(string text) => Contains(text, QuoteWords.ForwardedMessage) && (IsBetweenDashes(text) || text.TrimEnd().EndsWith(':'));

    public static bool IsOriginalMessage(IReadOnlyList<MailLine> lines, int i) =>
        IsBetweenDashes(lines[i].Text) && (Contains(lines[i].Text, QuoteWords.OriginalMessage) || (i + 1 < lines.Count && IsHeader(lines, i + 1, isHeaded: true)));

    /// <summary>
    /// The fields of a header one below the other. People write "From:" and "To:" about journeys too, so either the
    /// sender must be an address or all the usual fields must be there.
    /// </summary>
    public static bool IsHeader(IReadOnlyList<MailLine> lines, int start) => IsHeader(lines, start, isHeaded: false);

    private static bool IsHeader(IReadOnlyList<MailLine> lines, int start, bool isHeaded)
    {
        HashSet<HeaderField> fields = [];
        HeaderField? newest = null;
        var hasAddress = false;
        var folded = 0;
        for (var i = start; i < lines.Count && i < start + MaxHeaderLines && lines[i].Depth == 0; i++)
        {
            if (FieldOf(lines[i].Text) is { } field)
            {
                fields.Add(field);
                (newest, folded) = (field, 0);
            }
            else if (newest is null || ++folded > MaxFoldedLines || (lines[i].IsBlank && lines[i - 1].IsBlank))
            {
                break;
            }

            hasAddress |= newest is HeaderField.From && lines[i].Text.Contains('@', StringComparison.Ordinal);
        }

        var needed = isHeaded ? 2 : hasAddress ? 3 : 4;
        return fields.Contains(HeaderField.From) && fields.Count >= needed;
    }

    private static HeaderField? FieldOf(string text)
    {
        var line = text.AsSpan(0, Math.Min(text.Length, MaxLine)).TrimStart(" \t*_\u00A0");
        var colon = line[..Math.Min(line.Length, MaxFieldName)].IndexOfAny(':', '：');
        if (colon <= 0)
        {
            return null;
        }

        var name = line[..colon].Trim(" \t*_\u00A0").ToString().ToLowerInvariant();
        return QuoteWords.Fields.TryGetValue(name, out var field) ? field : null;
    }

    private static bool IsBetweenDashes(string text)
    {
        var line = text.AsSpan().Trim().Trim('>').Trim();
        return line.Length is > 6 and < MaxLine && IsDashes(line[..2]) && IsDashes(line[^2..]) && line.IndexOfAnyExcept(s_dashes) >= 0;
    }

    private static bool IsDashes(ReadOnlySpan<char> text) => text.IndexOfAnyExcept("-_—–=") < 0;

    private static bool Contains(string text, string[] phrases) =>
        text.Length < MaxLine && Array.Exists(phrases, phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
