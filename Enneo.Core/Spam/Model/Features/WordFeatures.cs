namespace Enneo.Core.Spam.Model.Features;

/// <summary>What the body says: its words, their neighbours, and the letters of its beginning.</summary>
internal static class WordFeatures
{
    /// <summary>A mail says early what it wants; what follows is often there to mislead.</summary>
    private const int MaxWords = 700;

    private const int Reach = 3;
    private const int GramLength = 5;
    private const int MaxLetters = 2000;

    /// <summary>Stands for the recipient's own name, which a mass mail fills in.</summary>
    public const string Recipient = "~recipient~";

    public static void Add(FoldedText text, string recipient, FeatureCollector features)
    {
        var own = Own(recipient);
        WordReader reader = new(text.Characters);
        Span<uint> hashes = stackalloc uint[Reach];
        var words = new string[Reach];
        var read = 0;
        var isMixed = false;
        while (read < MaxWords && reader.Read())
        {
            var word = own.Length > 0 && reader.Word.SequenceEqual(own) ? Recipient : reader.Word;
            var hash = FeatureHash.Of(word);
            features.Add(FeatureKind.Word, word);
            for (var distance = 1; distance <= Math.Min(read, Reach); distance++)
            {
                var other = (read - distance) % Reach;
                features.Add(FeatureKind.Pair + distance - 1, hashes[other], hash, words[other], word);
            }

            isMixed |= reader.IsMixed;
            hashes[read % Reach] = hash;
            if (features.IsNamed)
            {
                words[read % Reach] = word.ToString();
            }

            read++;
        }

        if (isMixed)
        {
            features.Add(Sign.MixedScripts);
        }

        features.Add(Sign.ZeroWidthLetters, Size.Of(text.Invisible / 2.0));
        AddLetters(text.Characters, features);
    }

    /// <summary>The recipient's name in front of the @, folded as the words are; empty if it is too short to tell.</summary>
    public static ReadOnlySpan<char> Own(string recipient)
    {
        var at = recipient.IndexOf('@', StringComparison.Ordinal);
        return at < 3 ? "" : recipient.AsSpan(0, at).ToString().ToLowerInvariant();
    }

    private static void AddLetters(ReadOnlySpan<char> text, FeatureCollector features)
    {
        Span<char> gram = stackalloc char[GramLength];
        var end = Math.Min(text.Length, MaxLetters) - GramLength;
        for (var i = 0; i <= end; i++)
        {
            for (var j = 0; j < GramLength; j++)
            {
                gram[j] = char.IsAsciiDigit(text[i + j]) ? '0' : text[i + j];
            }

            features.Add(FeatureKind.Letters, gram);
        }
    }
}
