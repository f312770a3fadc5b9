namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Mails with the same Message-ID: copies of one, which relays and lists change, or different ones of a program that gives all
/// of them the same. Copies are one mail for the other system; what says something else is another one.
/// </summary>
internal static class MailCopies
{
    /// <summary>Characters that are compared: what a list adds stands at the end.</summary>
    private const int Beginning = 120;

    /// <param name="words">Of a mail, or the beginning of them.</param>
    public static bool Are(string from, string words, string otherFrom, string otherWords)
    {
        var (one, other) = (Fold(words), Fold(otherWords));
        return string.Equals(from, otherFrom, StringComparison.OrdinalIgnoreCase)
            && (one.Length == 0 || other.Length == 0 ? one.Length == other.Length : one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));
    }

    private static string Fold(string words)
    {
        var folded = string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('…');
        return folded.Length > Beginning ? folded[..Beginning] : folded;
    }
}
