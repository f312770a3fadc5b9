namespace Enneo.Core.Spam.Model.Features;

/// <summary>What the subject says, and how.</summary>
internal static class SubjectFeatures
{
    private const int MaxSubject = 300;

    private static readonly string[] s_replies = ["re:", "aw:", "sv:", "antw:", "res:", "odp:"];
    private static readonly string[] s_forwards = ["fw:", "fwd:", "wg:", "tr:", "enc:", "rv:", "doorst:"];

    public static void Add(string subject, string recipient, FeatureCollector features)
    {
        subject = subject[..Math.Min(subject.Length, MaxSubject)].Trim();
        AddSigns(subject, features);
        var own = WordFeatures.Own(recipient);
        WordReader reader = new(FoldedText.Of(subject, MaxSubject).Characters);
        var previous = "^";
        while (reader.Read())
        {
            var isOwn = own.Length > 0 && reader.Word.SequenceEqual(own);
            var word = isOwn ? WordFeatures.Recipient : reader.Word.ToString();
            features.Add(FeatureKind.SubjectWord, word);
            features.Add(FeatureKind.SubjectPair, FeatureHash.Of(previous), FeatureHash.Of(word), previous, word);
            previous = word;
            if (isOwn)
            {
                features.Add(Sign.SubjectNamesRecipient);
            }
        }
    }

    private static void AddSigns(string subject, FeatureCollector features)
    {
        AddIf(subject.Length == 0, Sign.NoSubject);
        AddIf(Array.Exists(s_replies, start => subject.StartsWith(start, StringComparison.OrdinalIgnoreCase)), Sign.SubjectReply);
        AddIf(Array.Exists(s_forwards, start => subject.StartsWith(start, StringComparison.OrdinalIgnoreCase)), Sign.SubjectForward);
        AddIf(subject.Any(c => char.IsSurrogate(c) || c is > '\u2190' and < '\u3000'), Sign.SubjectEmoji);
        AddIf(subject.Contains('!', StringComparison.Ordinal), Sign.SubjectExclamation);
        AddIf(subject.Contains('?', StringComparison.Ordinal), Sign.SubjectQuestion);
        AddIf(subject.AsSpan().ContainsAny("$€£"), Sign.SubjectMoney);
        AddIf(subject.AsSpan().ContainsAnyInRange('0', '9'), Sign.SubjectNumber);
        AddIf(subject.Count(c => c == '_') > 1, Sign.SubjectUnderscore);
        AddIf(subject.Contains('\uFFFD', StringComparison.Ordinal), Sign.SubjectDamaged);
        var letters = subject.Count(char.IsLetter);
        features.Add(Sign.SubjectCapitals, letters == 0 ? -1 : 4 * subject.Count(char.IsUpper) / letters);
        features.Add(Sign.SubjectLength, Size.Of(subject.Length / 4.0));

        void AddIf(bool holds, Sign sign)
        {
            if (holds)
            {
                features.Add(sign);
            }
        }
    }
}
