using System.Globalization;
using System.Text;

namespace Enneo.Core.Connections;

/// <summary>What a server wrote, made fit to be shown: one line, no control or direction characters, capped.</summary>
public static class ServerWords
{
    private const int MaxLength = 300;

    public static string Clean(string text)
    {
        StringBuilder clean = new(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength)
            {
                clean.Append('…');
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                clean.Append(clean.Length > 0 && clean[^1] == ' ' ? "" : " ");
            }
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().Trim();
    }

    /// <returns>Null when nothing readable is left.</returns>
    internal static string? CleanOrNull(string? text) => text is not null && Clean(text) is { Length: > 0 } clean ? clean : null;
}
