using System.Globalization;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>"Why is this here?", answered in words.</summary>
internal static class ThreadReasons
{
    public static string Words(ThreadMessage message) => message.ThreadRule switch
    {
        ThreadRule.NewThread => InboxText.WhyNewThread,
        ThreadRule.References => With(InboxText.WhyReferences, message.ThreadDetail),
        ThreadRule.ReferencedBy => With(InboxText.WhyReferencedBy, message.ThreadDetail),
        ThreadRule.SignedToken => InboxText.WhySignedToken,
        ThreadRule.Bounce => With(InboxText.WhyBounce, message.ThreadDetail),
        ThreadRule.StrangerQuotedIds => InboxText.WhyStranger,
        ThreadRule.WrittenHere => InboxText.WhyWrittenHere,
        ThreadRule.ByProgram => InboxText.WhyByProgram,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.ThreadRule, null),
    };

    private static string With(string words, string detail) =>
        string.Format(CultureInfo.CurrentCulture, words, detail.Length > 0 ? $" ({detail})" : "");
}
