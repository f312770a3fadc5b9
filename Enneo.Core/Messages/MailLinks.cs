using System.Buffers;

namespace Enneo.Core.Messages;

/// <summary>Finds addresses in plain text. One pass, no backtracking: its time grows with the text and no faster.</summary>
internal static class MailLinks
{
    private const int MaxAddress = 2000;
    private const int MaxLocalPart = 64;
    private const int MaxDomain = 253;

    private static readonly SearchValues<string> s_starts = SearchValues.Create(["http://", "https://", "mailto:", "@"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> s_ends = SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (char)c), '<', '>', '"', '\u007F', '\u00A0', '\u2028', '\u2029']);

    /// <summary>The next address at or after <paramref name="start"/>: where it stands and where it leads; length 0 if there is none.</summary>
    public static (int Start, int Length, string Target) Next(ReadOnlySpan<char> text, int start)
    {
        for (var at = start; at < text.Length;)
        {
            var found = text[at..].IndexOfAny(s_starts);
            if (found < 0)
            {
                break;
            }

            found += at;
            var (begin, length) = text[found] == '@' ? MailAddressAround(text, start, found) : UrlAt(text, found);
            if (length > 0)
            {
                var address = text.Slice(begin, length).ToString();
                return (begin, length, text[found] == '@' ? "mailto:" + address : address);
            }

            at = found + 1;
        }

        return (text.Length, 0, "");
    }

    private static (int Start, int Length) UrlAt(ReadOnlySpan<char> text, int start)
    {
        var rest = text.Slice(start, Math.Min(MaxAddress, text.Length - start));
        var end = rest.IndexOfAny(s_ends);
        rest = end < 0 ? rest : rest[..end];
        var scheme = rest.IndexOf(':') + 1;
        var body = rest[scheme..].TrimStart('/');
        var isWord = start > 0 && char.IsLetterOrDigit(text[start - 1]);
        return isWord || body.IsEmpty || !char.IsLetterOrDigit(body[0]) && body[0] != '[' ? (start, 0) : (start, WithoutPunctuation(rest).Length);
    }

    /// <summary>Punctuation at the end belongs to the sentence, a bracket only if the address did not open it.</summary>
    private static ReadOnlySpan<char> WithoutPunctuation(ReadOnlySpan<char> address)
    {
        var brackets = address.Count('(') - address.Count(')');
        while (address.Length > 0)
        {
            if (address[^1] is ')' && brackets < 0)
            {
                brackets++;
            }
            else if (address[^1] is not ('.' or ',' or ';' or ':' or '!' or '?' or '\'' or '*' or ']' or '}' or '|'))
            {
                break;
            }

            address = address[..^1];
        }

        return address;
    }

    private static (int Start, int Length) MailAddressAround(ReadOnlySpan<char> text, int floor, int at)
    {
        var begin = at;
        while (begin > floor && at - begin <= MaxLocalPart && IsLocalPart(text[begin - 1]))
        {
            begin--;
        }

        var end = at + 1;
        while (end < text.Length && end - at <= MaxDomain && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        while (end > at && text[end - 1] is '.' or '-')
        {
            end--;
        }

        var isAddress = at - begin is > 0 and <= MaxLocalPart && end - at is > 3 and <= MaxDomain && text[at..end].Contains('.') && char.IsLetterOrDigit(text[begin]);
        return (begin, isAddress ? end - begin : 0);
    }

    private static bool IsLocalPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+';
}
