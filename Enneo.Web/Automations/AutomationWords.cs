using System.Globalization;
using Enneo.Core.Automations;

namespace Enneo.Web.Automations;

/// <summary>Automations in words.</summary>
internal static class AutomationWords
{
    public static string Kind(AutomationActionKind kind) => kind switch
    {
        AutomationActionKind.Tag => AutomationsText.Tag,
        AutomationActionKind.Untag => AutomationsText.Untag,
        AutomationActionKind.Assign => AutomationsText.Assign,
        AutomationActionKind.Status => AutomationsText.SetStatus,
        AutomationActionKind.Priority => AutomationsText.SetPriority,
        AutomationActionKind.Note => AutomationsText.WriteNote,
        _ => AutomationsText.Answer,
    };

    /// <param name="kind">As a run wrote it down: why it did not answer stands behind the kind.</param>
    public static string Kind(string kind) => kind.Split(": ") switch
    {
        [var done] when Enum.TryParse<AutomationActionKind>(done, out var known) => Kind(known),
        [_, var because] when Enum.TryParse<NoReply>(because, out var whyNot) => NotAnswered(whyNot),
        _ => kind,
    };

    public static string NotAnswered(NoReply? because) => string.Format(CultureInfo.CurrentCulture, AutomationsText.NotAnswered, because switch
    {
        NoReply.Automatic => AutomationsText.NoReplyAutomatic,
        NoReply.Robot => AutomationsText.NoReplyRobot,
        NoReply.OwnAddress => AutomationsText.NoReplyOwnAddress,
        NoReply.NotToUs => AutomationsText.NoReplyNotToUs,
        NoReply.AlreadyReplied => AutomationsText.NoReplyAlreadyReplied,
        NoReply.TooMany => AutomationsText.NoReplyTooMany,
        NoReply.Spam => AutomationsText.NoReplySpam,
        NoReply.History => AutomationsText.NoReplyHistory,
        NoReply.MailboxSilent => AutomationsText.NoReplyMailboxSilent,
        NoReply.TemplateGone => AutomationsText.NoReplyTemplateGone,
        _ => AutomationsText.NoReplyNothingSet,
    });
}
