using System.Globalization;
using Enneo.Core.Mailboxes;

namespace Enneo.Web.Inbox;

/// <summary>How far the first sync has come, in words.</summary>
internal static class InboxProgress
{
    /// <returns>Such as "Fetching the mail that is already there: 12,400 of 20,000"; null when none runs.</returns>
    public static string? Words(IReadOnlyList<MailboxListing> mailboxes)
    {
        var running = mailboxes.Where(mailbox => mailbox.ProgressTotal > 0).ToList();
        return running.Count == 0
            ? null
            : string.Format(CultureInfo.CurrentCulture, InboxText.FirstSync, running.Sum(m => m.ProgressDone), running.Sum(m => m.ProgressTotal));
    }
}
