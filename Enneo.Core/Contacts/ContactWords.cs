using System.Globalization;
using System.Text;

namespace Enneo.Core.Contacts;

/// <summary>The words by which people are looked up: lower case and without accents, so that "muller" finds Müller.</summary>
internal static class ContactWords
{
    private const int MaxWords = 16;
    private const int MaxLength = 80;

    /// <returns>Those of the name and of the address, and the address whole and from its domain on.</returns>
    public static IReadOnlySet<string> Of(string name, string address)
    {
        var plain = Plain(address);
        IEnumerable<string> words = [plain, plain[(plain.LastIndexOf('@') + 1)..], .. In(name), .. In(address)];
        return words.Where(word => word.Length > 0).Select(word => word.Length <= MaxLength ? word : word[..MaxLength]).Take(MaxWords).ToHashSet(StringComparer.Ordinal);
    }

    /// <returns>What somebody typed, as words: an address as it is.</returns>
    public static IReadOnlyList<string> Typed(string text) =>
        [.. Plain(text).Split([' ', '"', '<', '>', ',', ';', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.Length <= MaxLength ? word : word[..MaxLength])];

    /// <summary>Whether each typed word begins one of the contact's.</summary>
    public static bool Match(IReadOnlyList<string> typed, string name, string address)
    {
        var words = Of(name, address);
        return typed.All(beginning => words.Any(word => word.StartsWith(beginning, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> In(string text)
    {
        var plain = Plain(text);
        var start = -1;
        for (var i = 0; i <= plain.Length; i++)
        {
            if (i < plain.Length && char.IsLetterOrDigit(plain[i]))
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                yield return plain[start..i];
                start = -1;
            }
        }
    }

    private static string Plain(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var letters = text.Where(c => !char.IsSurrogate(c) && c != '\uFFFE').ToArray(); // half of a pair, and what is no character, cannot be normalised
        StringBuilder plain = new(text.Length);
        foreach (var c in new string(letters).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                plain.Append(c);
            }
        }

        return plain.ToString().ToLowerInvariant();
    }
}
