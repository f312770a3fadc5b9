using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Spam.Model;

namespace Enneo.Web.Spam;

/// <summary>Why a mail was called what it was, in words.</summary>
internal static class SpamWords
{
    /// <returns>Null for a reason that nobody would understand.</returns>
    public static string? Of(Reason reason) => reason.Kind switch
    {
        ReasonKind.Words => Words(SpamText.Words, reason.Argument),
        ReasonKind.SubjectWords => Words(SpamText.SubjectWords, reason.Argument),
        ReasonKind.SenderName => Words(SpamText.SenderName, reason.Argument),
        ReasonKind.SenderDomain => Words(SpamText.SenderDomain, reason.Argument),
        ReasonKind.SenderEnding => Words(SpamText.SenderEnding, reason.Argument),
        ReasonKind.LinkHost => Words(SpamText.LinkHost, reason.Argument),
        ReasonKind.LinkEnding => Words(SpamText.LinkEnding, reason.Argument),
        ReasonKind.LinkWords => Words(SpamText.LinkWords, reason.Argument),
        _ when reason.Sign is { } sign && SignWords.Find(sign) is { } format => Words(format, [.. reason.Argument.Split(' ', 2), ""]),
        _ => null,
    };

    /// <summary>Who or what says so, such as "its sender is blocked (example.com)".</summary>
    public static string Of(SpamFinding finding) => finding.Stage switch
    {
        SpamStage.Header => finding.Rule switch
        {
            HeaderRule.SpamAssassin => SpamText.RuleSpamAssassin,
            HeaderRule.Exchange => SpamText.RuleExchange,
            HeaderRule.Bulk => SpamText.RuleBulk,
            _ => SpamText.RuleDmarc,
        },
        SpamStage.Server => SpamText.ByServer,
        SpamStage.SenderList => Words(SpamText.ByList, finding.Evidence),
        _ => Words(finding.IsSpam == true ? SpamText.ByModel : SpamText.ByModelSuspicious, Percent(finding.Probability)),
    };

    /// <returns>How far a second opinion moved the probability; null where there was none, or too little of it to be seen.</returns>
    public static string? Opinion(SpamFinding finding) =>
        finding.ProbabilityAlone is { } alone && Percent(alone) != Percent(finding.Probability) ? Words(SpamText.Opinion, Percent(alone), Percent(finding.Probability)) : null;

    /// <summary>What hid something.</summary>
    /// <param name="rule">Null for the model.</param>
    public static string Of(HeaderRule? rule) => rule switch
    {
        HeaderRule.SpamAssassin => SpamText.ByRuleSpamAssassin,
        HeaderRule.Exchange => SpamText.ByRuleExchange,
        HeaderRule.Bulk => SpamText.ByRuleBulk,
        HeaderRule.Dmarc => SpamText.ByRuleDmarc,
        _ => SpamText.ByTheModel,
    };

    public static string Of(NotAsked because) => because switch
    {
        NotAsked.SwitchedOff => SpamText.NotAskedSwitchedOff,
        NotAsked.PersonDecided => SpamText.NotAskedPersonDecided,
        NotAsked.Answered => SpamText.NotAskedAnswered,
        NotAsked.Correspondent => SpamText.NotAskedCorrespondent,
        NotAsked.TrustedSender => SpamText.NotAskedTrustedSender,
        NotAsked.AlreadySpam => SpamText.NotAskedAlreadySpam,
        _ => SpamText.NotAskedUnreadable,
    };

    /// <summary>What came of asking a sender to send no more.</summary>
    /// <param name="outcome">Null where there was nobody to ask.</param>
    public static string Of(UnsubscribeOutcome? outcome, string sender) => Words(
        outcome switch
        {
            UnsubscribeOutcome.Done => SpamText.UnsubscribeDone,
            UnsubscribeOutcome.Refused => SpamText.UnsubscribeRefused,
            UnsubscribeOutcome.NoAnswer => SpamText.UnsubscribeNoAnswer,
            _ => SpamText.UnsubscribeNotOffered,
        },
        sender);

    /// <summary>Why a sender cannot be blocked, or trusted.</summary>
    public static string Of(SenderProblem? problem, string sender) => problem switch
    {
        SenderProblem.Own => Words(SpamText.OwnSender, sender),
        SenderProblem.SharedDomain => Words(SpamText.SharedSender, sender),
        _ => SpamText.NotASender,
    };

    /// <summary>How long something was so: "5 min", "3 h", "2 days".</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } => Words(SpamText.Days, (int)time.TotalDays),
        { TotalHours: >= 1 } => Words(SpamText.Hours, (int)time.TotalHours),
        _ => Words(SpamText.Minutes, Math.Max(1, (int)time.TotalMinutes)),
    };

    /// <summary>Whole, and never a hundred: nothing is that sure.</summary>
    public static string Percent(double? probability) =>
        Math.Clamp(Math.Round((probability ?? 0) * 100), 1, 99).ToString(CultureInfo.CurrentCulture);

    public static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
