namespace Enneo.Core.Spam.Model.Features;

/// <summary>How a text is written, whatever it says.</summary>
internal static class TextSigns
{
    /// <summary>So many single letters in a row are a word that is set apart.</summary>
    private const int MinSpaced = 5;

    public static void Add(ReadOnlySpan<char> text, FeatureCollector features)
    {
        int letters = 0, capitals = 0, foreign = 0, digits = 0, exclamations = 0, money = 0, quoted = 0, single = 0, spaced = 0;
        var previous = '\n';
        foreach (var c in text)
        {
            if (char.IsLetter(c))
            {
                letters++;
                capitals += char.IsUpper(c) ? 1 : 0;
                foreign += c > '\u024F' ? 1 : 0;
                single = previous is ' ' ? single + 1 : 0;
                spaced = Math.Max(spaced, single);
            }
            else
            {
                digits += char.IsDigit(c) ? 1 : 0;
                exclamations += c is '!' ? 1 : 0;
                money += c is '$' or '€' or '£' ? 1 : 0;
                quoted += c is '>' && previous is '\n' ? 1 : 0;
            }

            previous = c;
        }

        if (spaced >= MinSpaced)
        {
            features.Add(Sign.SpacedLetters);
        }

        features.Add(Sign.Exclamations, Size.Of(exclamations));
        features.Add(Sign.MoneyInText, Size.Of(money));
        features.Add(Sign.QuotedLines, Size.Of(quoted));
        features.Add(Sign.Capitals, letters == 0 ? -1 : Size.Of(40.0 * capitals / letters));
        features.Add(Sign.Digits, letters == 0 ? -1 : Size.Of(40.0 * digits / (letters + digits)));
        features.Add(Sign.ForeignLetters, letters == 0 ? -1 : 10 * foreign / letters);
    }
}
