using System.Buffers;

namespace Enneo.Core.Messages;

/// <summary>
/// Filters the declarations of a style attribute. What is kept consists of known properties with words,
/// numbers, strings and colours: no function that loads, no escape, nothing a browser could read otherwise.
/// The one exception is a background's picture that this program serves itself.
/// </summary>
internal static class MailCss
{
    private const int MaxStyle = 16 * 1024;
    private const int MaxValue = 300;
    private const string BackgroundImage = "background-image";

    private static readonly SearchValues<char> s_notInAddresses = SearchValues.Create("\"'()\\<> ");

    private static readonly string[] s_functions = ["rgb", "rgba", "hsl", "hsla"];

    /// <param name="picture">The address at which this program serves a picture of the mail or of another host, or null.</param>
    /// <param name="remoteAddresses">How many addresses on other hosts were taken out.</param>
    public static string Filter(string style, Func<string, string?> picture, out int remoteAddresses)
    {
        remoteAddresses = 0;
        List<string> kept = [];
        foreach (var declaration in Declarations(WithoutComments(style.Length > MaxStyle ? "" : style)))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                continue;
            }

            var name = declaration[..colon].Trim().ToLowerInvariant();
            List<string> addresses = [];
            var value = Folded(WithoutUrls(declaration[(colon + 1)..], addresses));
            if (MailHtmlRules.CssProperties.Contains(name) && IsHarmless(value))
            {
                kept.Add($"{name}: {value}");
            }

            var shown = name is "background" or BackgroundImage && addresses is [var address] && picture(address) is { } served && IsAddress(served) ? served : null;
            if (shown is not null)
            {
                kept.Add(Background(shown));
            }

            remoteAddresses += shown is null ? addresses.Count(MailUrls.IsRemote) : 0;
        }

        return string.Join("; ", kept);
    }

    /// <summary>The declaration of a background's picture; empty for an address that could not stand in one.</summary>
    public static string Background(string address) => IsAddress(address) ? $"{BackgroundImage}: url('{address}')" : "";

    private static bool IsAddress(string address) => address.Length > 0 && address.AsSpan().IndexOfAny(s_notInAddresses) < 0 && !address.Any(char.IsControl);

    private static string WithoutComments(string style)
    {
        for (var start = style.IndexOf("/*", StringComparison.Ordinal); start >= 0; start = style.IndexOf("/*", start, StringComparison.Ordinal))
        {
            var end = style.IndexOf("*/", start + 2, StringComparison.Ordinal);
            style = end < 0 ? style[..start] : string.Concat(style.AsSpan(0, start), " ", style.AsSpan(end + 2));
        }

        return style;
    }

    /// <summary>Split at semicolons, but not at those within strings and brackets.</summary>
    private static IEnumerable<string> Declarations(string style)
    {
        var start = 0;
        var brackets = 0;
        var quote = '\0';
        for (var i = 0; i <= style.Length; i++)
        {
            var c = i < style.Length ? style[i] : ';';
            if (i == style.Length || (c == ';' && quote == '\0' && brackets == 0))
            {
                yield return style[start..i];
                start = i + 1;
            }
            else if (c is '"' or '\'')
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
            else if (quote == '\0')
            {
                brackets = Math.Max(0, brackets + (c is '(' ? 1 : c is ')' ? -1 : 0));
            }
        }
    }

    /// <summary>A background's colour is kept when its image goes: white words were written for it.</summary>
    private static string WithoutUrls(string value, List<string> addresses)
    {
        for (var start = value.IndexOf("url(", StringComparison.OrdinalIgnoreCase); start >= 0; start = value.IndexOf("url(", StringComparison.OrdinalIgnoreCase))
        {
            var end = value.IndexOf(')', start);
            var address = (end < 0 ? value[(start + 4)..] : value[(start + 4)..end]).Trim(' ', '"', '\'');
            addresses.Add(address);
            value = end < 0 ? value[..start] : string.Concat(value.AsSpan(0, start), " ", value.AsSpan(end + 1));
        }

        return value;
    }

    private static string Folded(string value) => string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static bool IsHarmless(string value)
    {
        if (value.Length is 0 or > MaxValue || !value.All(IsValueCharacter))
        {
            return false;
        }

        var inString = false;
        var open = false;
        var quote = '\0';
        for (var i = 0; i < value.Length; i++)
        {
            switch (value[i])
            {
                case '"' or '\'' when !inString:
                    (inString, quote) = (true, value[i]);
                    break;
                case '"' or '\'' when value[i] == quote:
                    inString = false;
                    break;
                case '(' when !inString:
                    if (open || !Array.Exists(s_functions, function => EndsWithWord(value.AsSpan(0, i), function)))
                    {
                        return false;
                    }

                    open = true;
                    break;
                case ')' when !inString:
                    if (!open)
                    {
                        return false;
                    }

                    open = false;
                    break;
            }
        }

        return !inString && !open;
    }

    private static bool EndsWithWord(ReadOnlySpan<char> text, string word) =>
        text.EndsWith(word, StringComparison.OrdinalIgnoreCase)
        && (text.Length == word.Length || text[^(word.Length + 1)] is ' ' or ',');

    private static bool IsValueCharacter(char c) => char.IsLetterOrDigit(c) || c is ' ' or '#' or '.' or ',' or '%' or '-' or '+' or '/' or '!' or '(' or ')' or '\'' or '"' or '_';
}
