using System.Globalization;
using System.Text;

namespace Enneo.Core.Search.Language;

/// <summary>What the index takes for a word: letters and digits, without case and accents (unicode61, remove_diacritics).</summary>
internal static class Words
{
    /// <summary>Whether there is anything in it to look for.</summary>
    public static bool HasAny(string text) => text.EnumerateRunes().Any(IsPartOfWord);

    /// <summary>Splits what was typed into what stands before its last word, and that word; the word is empty when something else ends it.</summary>
    public static (string Head, string Last) SplitLast(string text)
    {
        var start = text.Length;
        while (start > 0 && Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var rune, out var length) == System.Buffers.OperationStatus.Done && IsPartOfWord(rune))
        {
            start -= length;
        }

        return (text[..start], text[start..]);
    }

    /// <summary>As the index writes it.</summary>
    public static string Fold(string word)
    {
        StringBuilder folded = new(word.Length);
        foreach (var rune in word.Normalize(NormalizationForm.FormD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(Rune.ToLowerInvariant(rune).ToString());
            }
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    private static bool IsPartOfWord(Rune rune) => Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse;
}
