using Enneo.Core.Search.Language;

namespace Enneo.Web.Inbox.Search;

/// <summary>What somebody is in the middle of typing, at the end of a query.</summary>
/// <param name="Head">Everything before it.</param>
/// <param name="Operator">Whose value it is.</param>
/// <param name="Typed">So far, without operator and quotes.</param>
internal sealed record UnfinishedWord(string Head, Operator? Operator, string Typed)
{
    public static UnfinishedWord Of(string text)
    {
        var start = StartOfLast(text);
        var word = text[start..];
        var sign = word.StartsWith('-') ? 1 : 0;
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && Operators.Find(word[sign..colon]) is { } named
            ? new(text[..(start + colon + 1)], named, word[(colon + 1)..].Trim('"'))
            : new(text[..(start + sign)], null, word[sign..]);
    }

    /// <summary>The query with this in place of what was typed.</summary>
    public string With(string replacement) =>
        Head + (Operator is not null && replacement.Contains(' ', StringComparison.Ordinal) ? $"\"{replacement}\"" : replacement)
        + (replacement.EndsWith(':') ? "" : " ");

    /// <summary>A space within quotes ends nothing.</summary>
    private static int StartOfLast(string text)
    {
        var start = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ' ' && !quoted)
            {
                start = i + 1;
            }
        }

        return start;
    }
}
