using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Model;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam.Settings;

/// <summary>What thresholds would have done with the last mails, beside what others would have.</summary>
public sealed partial class DryRunView : ComponentBase
{
    private const int Listed = 20;

    private static readonly double[] s_usual = [.5, .8, .9, .95, .99];

    private DryRunResult _result = null!;
    private List<(double From, DryRunResult Result)> _levels = [];

    [Parameter, EditorRequired]
    public required TrialMails Mails { get; set; }

    /// <summary>What is tried.</summary>
    [Parameter, EditorRequired]
    public required SpamSettings Wanted { get; set; }

    /// <summary>What holds now.</summary>
    [Parameter, EditorRequired]
    public required SpamSettings Saved { get; set; }

    private string LookedWords => SpamWords.Words(SpamText.DryRunLooked, Mails.Looked, Mails.ReadNow, Mails.LeftAlone + Mails.Unreadable);

    protected override void OnParametersSet()
    {
        _result = SpamDryRun.Of(Mails, Wanted);
        _levels = [.. s_usual.Concat([SpamModel.Shipped.SpamThreshold, Saved.SpamFrom, Wanted.SpamFrom]).DistinctBy(Percent).Order()
            .Select(from => (from, SpamDryRun.Of(Mails, Wanted with { SpamThreshold = from })))];
    }

    private static string Percent(double probability) => (probability * 100).ToString("0.##", CultureInfo.CurrentCulture);

    private string LevelWords(double from) => string.Join(
        ", ",
        new[]
        {
            from == Wanted.SpamFrom && Wanted.SpamFrom != Saved.SpamFrom ? SpamText.LevelTried : null,
            from == Saved.SpamFrom ? SpamText.LevelNow : null,
            from == SpamModel.Shipped.SpamThreshold ? SpamText.LevelOwn : null,
        }.OfType<string>());
}
