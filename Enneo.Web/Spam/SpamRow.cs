using System.Globalization;
using Enneo.Core.Spam;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;
using Enneo.Web.Inbox;

namespace Enneo.Web.Spam;

/// <summary>Why a conversation lies among spam, in one line of a list.</summary>
/// <param name="Stage">Who says so: "Headers: SpamAssassin flagged it", "AI, 99.3 %", "Marked by Anna".</param>
/// <param name="Reason">What weighed most; null where the stage says it all.</param>
/// <param name="Details">All that is known, for who points at it.</param>
public sealed record SpamRow(string Stage, string? Reason, string Details)
{
    private const double Surest = .999;

    /// <param name="because">Null where nothing is known.</param>
    internal static SpamRow Of(SpamStatus? status, HiddenBecause? because, InboxDirectory directory)
    {
        if (status is SpamStatus.ManualSpam)
        {
            return Plain(because switch
            {
                { Said: LessonSource.OtherClient } => SpamText.RowElsewhere,
                { PersonId: { } person } => SpamWords.Words(SpamText.RowPerson, directory.NameOf(person)),
                _ => SpamText.RowSomebody,
            });
        }

        return because?.Finding switch
        {
            { Stage: SpamStage.Model } read => OfModel(read),
            { Stage: SpamStage.Server } => Plain(SpamText.RowServer),
            { Stage: SpamStage.SenderList } listed => Plain(SpamWords.Words(SpamText.RowList, listed.Evidence)),
            { } found => new(OfRule(found.Rule), null, found.Evidence),
            null => Plain(SpamText.RowProgram),
        };
    }

    private static SpamRow OfModel(SpamFinding read)
    {
        List<string> reasons = [.. read.Reasons.Where(reason => reason.Weight > 0).Select(SpamWords.Of).OfType<string>().Distinct()];
        return new(
            SpamWords.Words(SpamText.RowModel, (Math.Clamp(read.Probability ?? 0, 0, Surest) * 100).ToString("0.0", CultureInfo.CurrentCulture)),
            reasons.FirstOrDefault(),
            string.Join("; ", reasons));
    }

    private static string OfRule(HeaderRule? rule) => rule switch
    {
        HeaderRule.SpamAssassin => SpamText.RowSpamAssassin,
        HeaderRule.Exchange => SpamText.RowExchange,
        HeaderRule.Bulk => SpamText.RowBulk,
        _ => SpamText.RowDmarc,
    };

    private static SpamRow Plain(string stage) => new(stage, null, stage);
}
