using System.Buffers;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>The host of an address, and what its shape tells.</summary>
internal static class HostName
{
    private const int MaxLength = 120;

    private static readonly SearchValues<char> s_ends = SearchValues.Create("/?#\\\"'<>() \t\r\n,;");

    /// <returns>Lower case, without user, port and dots at the ends; empty if there is none.</returns>
    public static string Of(ReadOnlySpan<char> url)
    {
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var rest = scheme < 0 ? url : url[(scheme + 3)..];
        var end = rest.IndexOfAny(s_ends);
        var authority = end < 0 ? rest : rest[..end];
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var colon = host.IndexOf(':');
        host = (colon < 0 ? host : host[..colon]).Trim('.');
        return host.Length is > 3 and < MaxLength && host.Contains('.') ? host.ToString().ToLowerInvariant() : "";
    }

    /// <summary>The part that is registered, as far as its shape shows it: example.com, example.co.uk.</summary>
    public static ReadOnlySpan<char> Registered(ReadOnlySpan<char> host)
    {
        var last = host.LastIndexOf('.');
        if (last <= 0)
        {
            return host;
        }

        var second = host[..last].LastIndexOf('.');
        if (second <= 0)
        {
            return host;
        }

        var isPublicPair = last - second - 1 <= 3 && host.Length - last - 1 == 2;
        return isPublicPair ? host[(host[..second].LastIndexOf('.') + 1)..] : host[(second + 1)..];
    }

    /// <summary>The name without what is registered by others: example.</summary>
    public static ReadOnlySpan<char> Label(ReadOnlySpan<char> host)
    {
        var registered = Registered(host);
        var dot = registered.IndexOf('.');
        return dot < 0 ? registered : registered[..dot];
    }

    public static ReadOnlySpan<char> Ending(ReadOnlySpan<char> host) => host[(host.LastIndexOf('.') + 1)..];

    public static bool IsAddress(ReadOnlySpan<char> host) => char.IsAsciiDigit(host[^1]);

    /// <summary>No one could say it: five consonants in a row, or digits amid letters.</summary>
    public static bool IsScrambled(ReadOnlySpan<char> label)
    {
        var consonants = 0;
        var changes = 0;
        for (var i = 0; i < label.Length; i++)
        {
            var isConsonant = char.IsAsciiLetterLower(label[i]) && label[i] is not ('a' or 'e' or 'i' or 'o' or 'u' or 'y');
            consonants = isConsonant ? consonants + 1 : 0;
            if (consonants == 5 && !label.Contains("schl", StringComparison.Ordinal))
            {
                return true;
            }

            changes += i > 0 && char.IsAsciiDigit(label[i]) != char.IsAsciiDigit(label[i - 1]) ? 1 : 0;
        }

        return changes >= 3;
    }
}
