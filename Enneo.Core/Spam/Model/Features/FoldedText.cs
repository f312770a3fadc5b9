using System.Text;

namespace Enneo.Core.Spam.Model.Features;

/// <summary>
/// Text as the model reads it: compatibility forms resolved, lower case, white space single, digits alike, without
/// the characters that nobody sees.
/// </summary>
internal sealed class FoldedText
{
    private readonly char[] _characters;

    private FoldedText(char[] characters, int length, int invisible) => (_characters, Length, Invisible) = (characters, length, invisible);

    public int Length { get; }

    /// <summary>How many characters of no width it had.</summary>
    public int Invisible { get; }

    public ReadOnlySpan<char> Characters => _characters.AsSpan(0, Length);

    public static FoldedText Of(ReadOnlySpan<char> text, int maxLength)
    {
        text = text[..Math.Min(text.Length, maxLength)];
        if (!Ascii.IsValid(text))
        {
            text = Composed(text);
        }

        var characters = new char[text.Length];
        var length = 0;
        var invisible = 0;
        foreach (var c in text)
        {
            if (IsInvisible(c))
            {
                invisible++;
            }
            else if (!char.IsWhiteSpace(c) && c != '\0')
            {
                characters[length++] = char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c < 128 ? c : char.ToLowerInvariant(c);
            }
            else if (length > 0 && characters[length - 1] != ' ')
            {
                characters[length++] = ' ';
            }
        }

        return new(characters, length, invisible);
    }

    /// <summary>A letter of another script that looks like this Latin one.</summary>
    public static char Latin(char c) => c switch
    {
        'а' or 'α' => 'a',
        'е' => 'e',
        'о' or 'ο' => 'o',
        'р' or 'ρ' => 'p',
        'с' => 'c',
        'х' or 'χ' => 'x',
        'у' => 'y',
        'і' or 'ι' or 'ı' => 'i',
        'ѕ' => 's',
        'ӏ' => 'l',
        'ԁ' => 'd',
        'ո' or 'η' => 'n',
        'ɡ' => 'g',
        'ν' => 'v',
        'υ' => 'u',
        'ω' => 'w',
        'м' => 'm',
        'т' or 'τ' => 't',
        'к' or 'κ' => 'k',
        'в' => 'b',
        _ => c,
    };

    private static bool IsInvisible(char c) => c is (>= '\u200B' and <= '\u200F') or '\u00AD' or '\uFEFF' or '\u034F' or '\u2060' or (>= '\u202A' and <= '\u202E');

    private static ReadOnlySpan<char> Composed(ReadOnlySpan<char> text)
    {
        try
        {
            return text.ToString().Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException) // a surrogate without its other half
        {
            return text;
        }
    }
}
