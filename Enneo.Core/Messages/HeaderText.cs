using System.Text;

namespace Enneo.Core.Messages;

/// <summary>Makes header values fit for a row and a screen: nothing that could break a line, hide, or turn text around.</summary>
internal static class HeaderText
{
    public const int MaxSubject = 998; // RFC 5322, section 2.1.1
    public const int MaxName = 256;
    public const int MaxAddress = 320;
    private const int MaxFileName = 120; // in bytes of UTF-8 still a name that every file system takes
    private const int MaxExtension = 16;

    public static string Clean(string? value, int maxLength)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "";
        }

        StringBuilder clean = new(Math.Min(value.Length, maxLength));
        foreach (var rune in value.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            if (Rune.IsWhiteSpace(rune))
            {
                clean.Append(' ');
            }
            else if (!Rune.IsControl(rune) && !IsTrick(rune.Value))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString().Trim();
    }

    /// <summary>A file name without folders, reserved characters or tricks, its extension kept; empty if nothing is left.</summary>
    public static string CleanFileName(string? name)
    {
        var clean = Clean(name, MaxSubject).Replace('\\', '/');
        clean = clean[(clean.LastIndexOf('/') + 1)..];
        clean = string.Concat(clean.Select(c => c is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? '_' : c)).Trim(' ', '.');
        if (clean.Length <= MaxFileName)
        {
            return clean;
        }

        var extension = Path.GetExtension(clean);
        extension = extension.Length <= MaxExtension ? extension : "";
        return WholeCharacters(clean, MaxFileName - extension.Length).TrimEnd(' ', '.') + extension;
    }

    private static string WholeCharacters(string text, int length) => text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Unicode's direction overrides and isolates, and invisible marks used to disguise names.</summary>
    private static bool IsTrick(int codePoint) => codePoint
        is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or (>= 0xE0000 and <= 0xE007F) or 0x200B or 0x200E or 0x200F or 0x061C or 0xFEFF;
}
