namespace Enneo.Core.Search.Language;

/// <summary>A piece of a query as it was typed.</summary>
/// <param name="Operator">Null for words that stand alone.</param>
/// <param name="IsQuoted">It is a phrase, or the end of a word that is known to be whole.</param>
/// <param name="IsOr">The word OR, which joins its two neighbours.</param>
internal sealed record QueryPart(Operator? Operator, string Value, bool IsNegated, bool IsQuoted, bool IsLast, bool IsOr)
{
    public const int MaxLength = 500;
    private const int MaxParts = 40;

    private const string Quotes = "\"“”„";

    public static List<QueryPart> Of(string text)
    {
        var rest = Clean(text).AsSpan();
        List<QueryPart> parts = [];
        while (!(rest = rest.TrimStart()).IsEmpty && parts.Count < MaxParts)
        {
            if (rest is ['O', 'R'] or ['O', 'R', ' ', ..] or ['|'] or ['|', ' ', ..])
            {
                rest = rest[(rest[0] == '|' ? 1 : 2)..];
                parts.Add(new(null, "", false, false, rest.IsEmpty, IsOr: true));
            }
            else
            {
                parts.Add(Take(ref rest));
            }
        }

        return parts;
    }

    private static string Clean(string text)
    {
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        return string.Concat(cut.Select(c => char.IsControl(c) || char.IsWhiteSpace(c) ? ' ' : c));
    }

    private static QueryPart Take(ref ReadOnlySpan<char> rest)
    {
        var negated = rest is ['-', not ('-' or ' '), ..];
        if (negated)
        {
            rest = rest[1..];
        }

        var named = OperatorOf(rest);
        if (named is not null)
        {
            rest = rest[(rest.IndexOf(':') + 1)..].TrimStart(); // "from: anna" means the same
            if (OperatorOf(rest) is not null)
            {
                return new(named, "", negated, false, false, IsOr: false);
            }
        }

        var quoted = !rest.IsEmpty && Quotes.Contains(rest[0], StringComparison.Ordinal);
        var value = quoted ? TakeQuoted(ref rest) : TakeWord(ref rest);
        return new(named, value, negated, quoted, rest.IsEmpty, IsOr: false);
    }

    private static Operator? OperatorOf(ReadOnlySpan<char> rest)
    {
        var colon = rest.IndexOf(':');
        return colon > 0 && !rest[..colon].Contains(' ') ? Operators.Find(rest[..colon].ToString()) : null;
    }

    /// <summary>A phrase that nobody closed goes to the end.</summary>
    private static string TakeQuoted(ref ReadOnlySpan<char> rest)
    {
        rest = rest[1..];
        var end = rest.IndexOfAny(Quotes);
        var value = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return value.ToString();
    }

    private static string TakeWord(ref ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(' ');
        var value = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[end..];
        return value.ToString();
    }
}
