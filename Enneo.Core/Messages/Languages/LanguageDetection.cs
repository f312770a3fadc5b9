using Lingua;

namespace Enneo.Core.Messages.Languages;

/// <summary>Tells in which language a mail is written, of those that people here are likely to be written to in. Its tables are read when they are first needed: about 1 MB on disk.</summary>
public sealed class LanguageDetection
{
    /// <summary>More text says nothing more.</summary>
    private const int MaxLength = 2000;

    /// <summary>Of fewer letters nobody could tell.</summary>
    private const int MinLetters = 12;

    /// <summary>What two languages must be apart to be sure.</summary>
    private const double Distance = .1;

    private readonly Lazy<LanguageDetector> _detector = new(() => LanguageDetectorBuilder
        .FromLanguages(
            Language.Czech, Language.Danish, Language.Dutch, Language.English, Language.French, Language.German,
            Language.Italian, Language.Polish, Language.Portuguese, Language.Spanish, Language.Swedish, Language.Turkish)
        .WithMinimumRelativeDistance(Distance)
        .WithLowAccuracyMode()
        .Build());

    /// <returns>Two letters of ISO 639-1; empty where it cannot be told.</returns>
    public string Of(ParsedMessage mail)
    {
        var text = $"{mail.Subject}\n{mail.Text}";
        var cut = text.Length > MaxLength ? text[..MaxLength] : text;
        return cut.Count(char.IsLetter) >= MinLetters && _detector.Value.DetectLanguageOf(cut) is not Language.Unknown and var language
            ? language.IsoCode6391().ToString().ToLowerInvariant()
            : "";
    }
}
