using Enneo.Core.Spam.Model.Features;

namespace Enneo.Core.Spam.Model;

/// <summary>Finds the reasons that weighed most, leaving out those that mean nothing to a person.</summary>
internal static class Explanation
{
    private const int MaxFor = 5;
    private const int MaxAgainst = 3;
    private const double MinWeight = .02;

    /// <summary>How a mail is put together: it helps to judge, but nobody would understand why.</summary>
    private static readonly HashSet<Sign> s_silent =
    [
        Sign.Form, Sign.TransferEncoding, Sign.Charset, Sign.AttachmentType, Sign.AttachmentCount, Sign.TextLength, Sign.Capitals, Sign.Digits,
        Sign.ForeignLetters, Sign.TextShare, Sign.ImageCount, Sign.CountedTags, Sign.DocumentType, Sign.ViewportMeta, Sign.StyleSheet, Sign.Table,
        Sign.FontTag, Sign.CenterTag, Sign.LinkCount, Sign.HostCount, Sign.NameShape, Sign.SubjectCapitals, Sign.SubjectLength, Sign.LinkFile,
        Sign.Exclamations, Sign.MoneyInText, Sign.QuotedLines, Sign.ZeroWidthLetters, Sign.BrokenNesting, Sign.OneHostForAll,
        Sign.HiddenLetters,
    ];

    public static Judgement Of(MailFeatures features, SpamModel model, LocalWeights? local)
    {
        List<Reason> reasons = [];
        var share = (local?.BaseShare ?? 1) * model.Slope;
        for (var group = 0; group < FeatureGroups.Count; group++)
        {
            var scale = FeatureGroups.Scale(group, features.Count(group));
            for (var i = features.Start(group); i < features.Ends[group]; i++)
            {
                var hash = features.Hashes[i];
                var weight = scale * ((share * model.Weights[hash]) + (local?.Weight(hash) ?? 0));
                if (Math.Abs(weight) > MinWeight && Find(features.Names[i], weight) is { } reason)
                {
                    reasons.Add(reason);
                }
            }
        }

        return new(
            model.Probability(features, local),
            Strongest(reasons.Where(reason => reason.Weight > 0), MaxFor),
            Strongest(reasons.Where(reason => reason.Weight < 0), MaxAgainst))
        {
            Hosts = features.Hosts,
        };
    }

    private static Reason? Find(FeatureName name, double weight) => name.Kind switch
    {
        FeatureKind.Word or FeatureKind.Pair => Named(ReasonKind.Words, name.Text, weight),
        FeatureKind.SubjectWord => Named(ReasonKind.SubjectWords, name.Text, weight),
        FeatureKind.SenderName => Named(ReasonKind.SenderName, name.Text, weight),
        FeatureKind.SenderDomain => Named(ReasonKind.SenderDomain, name.Text, weight),
        FeatureKind.SenderEnding => Named(ReasonKind.SenderEnding, name.Text, weight),
        FeatureKind.LinkHost => Named(ReasonKind.LinkHost, name.Text, weight),
        FeatureKind.LinkEnding => Named(ReasonKind.LinkEnding, name.Text, weight),
        FeatureKind.LinkWord => Named(ReasonKind.LinkWords, name.Text, weight),
        FeatureKind.Sign when !s_silent.Contains(name.Sign) => new(ReasonKind.Sign, name.Text, weight) { Sign = name.Sign },
        _ => null,
    };

    /// <summary>Not what stands for something, such as a number of three digits.</summary>
    private static Reason? Named(ReasonKind kind, string text, double weight) =>
        text.Contains('~', StringComparison.Ordinal) || text.StartsWith('@') || !text.Any(char.IsLetter) ? null : new(kind, text, weight);

    /// <summary>Each word once, be it alone or with its neighbour.</summary>
    private static List<Reason> Strongest(IEnumerable<Reason> reasons, int count)
    {
        HashSet<string> said = new(StringComparer.Ordinal);
        List<Reason> strongest = [];
        foreach (var reason in reasons.OrderByDescending(reason => Math.Abs(reason.Weight)).ThenBy(reason => reason.Argument, StringComparer.Ordinal))
        {
            if (strongest.Count == count)
            {
                break;
            }

            var words = reason.Sign is { } sign ? [sign.ToString()] : reason.Argument.Split(' ');
            if (!Array.Exists(words, said.Contains))
            {
                strongest.Add(reason);
                said.UnionWith(words);
            }
        }

        return strongest;
    }
}
