using System.Globalization;
using System.Text;

namespace Enneo.Core.Sending;

/// <summary>File names as they may stand in a header and on anybody's disk.</summary>
internal static class AttachmentName
{
    private const int MaxLength = 150;

    /// <returns>The last part of the path, without control and direction characters; never empty.</returns>
    public static string Clean(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        StringBuilder clean = new();
        foreach (var rune in last.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                continue;
            }

            clean.Append(rune.Value is '<' or '>' or ':' or '"' or '|' or '?' or '*' ? "_" : rune.ToString());
        }

        var trimmed = Shorten(clean.ToString().Trim(' ', '.'));
        return trimmed.Length > 0 ? trimmed : SendingText.UnnamedFile;
    }

    /// <summary>Keeps the extension, which says what the file is.</summary>
    private static string Shorten(string name)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var extension = Path.GetExtension(name) is { Length: <= 10 } ending ? ending : "";
        var cut = MaxLength - extension.Length;
        return name[..(char.IsHighSurrogate(name[cut - 1]) ? cut - 1 : cut)] + extension;
    }
}
