namespace Enneo.Core.Spam.Model.Features;

/// <summary>What a feature speaks of. The numbers go into its hash and so into every weight file: they stay.</summary>
internal enum FeatureKind
{
    Word = 1,
    Pair = 2,
    PairAcrossOne = 3,
    PairAcrossTwo = 4,
    Letters = 5,
    SubjectWord = 6,
    SubjectPair = 7,
    SenderName = 8,
    SenderDomain = 9,
    SenderEnding = 10,
    SenderShape = 11,
    LinkHost = 12,
    LinkEnding = 13,
    Sign = 14,
    LinkWord = 15,
    FileName = 16,
}

/// <summary>Features that are weighed together: however many a mail has of them, together they count as much.</summary>
internal enum FeatureGroup
{
    Words,
    Pairs,
    Letters,
    Subject,
    Sender,
    Links,
    Signs,
}

internal static class FeatureGroups
{
    public const int Count = 7;

    /// <summary>What is kept of each group; the work per mail is bounded by their sum.</summary>
    public static ReadOnlySpan<int> Capacity => [600, 1600, 1500, 120, 40, 160, 120];

    /// <summary>What each group counts against the others.</summary>
    public static ReadOnlySpan<double> Shares => [1, 1, 1, 1.2, .35, .75, .8];

    /// <summary>As if a mail had so many features more that say nothing: a few words prove little.</summary>
    public static ReadOnlySpan<double> Doubt => [60, 120, 300, 2, 0, 2, 0];

    /// <summary>What one of so many features of a group counts.</summary>
    public static double Scale(int group, int count) => count == 0 ? 0 : Shares[group] / Math.Sqrt(count + Doubt[group]);

    public static FeatureGroup Of(FeatureKind kind) => kind switch
    {
        FeatureKind.Word => FeatureGroup.Words,
        FeatureKind.Pair or FeatureKind.PairAcrossOne or FeatureKind.PairAcrossTwo => FeatureGroup.Pairs,
        FeatureKind.Letters => FeatureGroup.Letters,
        FeatureKind.SubjectWord or FeatureKind.SubjectPair => FeatureGroup.Subject,
        FeatureKind.SenderName or FeatureKind.SenderDomain or FeatureKind.SenderEnding or FeatureKind.SenderShape => FeatureGroup.Sender,
        FeatureKind.LinkHost or FeatureKind.LinkEnding or FeatureKind.LinkWord => FeatureGroup.Links,
        _ => FeatureGroup.Signs,
    };
}
