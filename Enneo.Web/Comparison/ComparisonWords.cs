using System.Globalization;
using Enneo.Core.Integrations.Comparison;

namespace Enneo.Web.Comparison;

/// <summary>What the two do not agree on, in words.</summary>
internal static class ComparisonWords
{
    public static string Of(FindingKind kind) => kind switch
    {
        FindingKind.NeverImported => LostMailText.NeverImported,
        FindingKind.ImportedTwice => LostMailText.ImportedTwice,
        FindingKind.ThreadedElsewhere => LostMailText.ThreadedElsewhere,
        FindingKind.Delayed => LostMailText.Delayed,
        _ => LostMailText.MissingHere,
    };

    public static string Detail(Finding finding) => finding switch
    {
        { Kind: FindingKind.Delayed, Delay: { } delay } => Say(LostMailText.Late, (int)delay.TotalMinutes, Tickets(finding)),
        { Kind: FindingKind.ThreadedElsewhere, Expected: { } expected } => Say(LostMailText.InsteadOf, Tickets(finding), expected),
        { Kind: FindingKind.ThreadedElsewhere } => Say(LostMailText.TogetherWithOther, Tickets(finding)),
        { Kind: FindingKind.NeverImported } => "",
        _ => Say(LostMailText.InTickets, Tickets(finding)),
    };

    public static string Tickets(Finding finding) => string.Join(", ", finding.Tickets);

    private static string Say(string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
