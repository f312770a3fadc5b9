using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Comparison;

/// <summary>How many mails each side has, counted by the database.</summary>
/// <param name="Theirs">In the list of the helpdesk.</param>
/// <param name="Shown">Messages of ours that the helpdesk has, or should have.</param>
/// <param name="Unshown">Mails that our ledger has of that time, and that no message shows though none of them waits to be read: they are lost here.</param>
public sealed record MailCount(int Theirs, int Shown, int Unshown);

/// <summary>Counts what is compared, and leaves the comparison itself out of it: its sums must come to the same.</summary>
internal static class MailCounting
{
    /// <param name="from">When the helpdesk had its first mail.</param>
    /// <param name="until">What came later, it may well not have yet.</param>
    public static async Task<MailCount> RunAsync(EnneoDbContext db, long mailboxId, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var listed = db.Set<HelpdeskMail>().Where(m => m.MailboxId == mailboxId).Select(m => m.InternetMessageId);
        var shown = db.Messages
            .Where(m => m.MailboxId == mailboxId && m.Direction != MessageDirection.Internal && m.InternetMessageId != "")
            .Where(m => listed.Contains(m.InternetMessageId) || (m.Direction == MessageDirection.In && m.ReceivedAt >= from && m.ReceivedAt <= until))
            .Select(m => m.InternetMessageId);
        var incoming = db.Folders.Where(f => f.MailboxId == mailboxId && f.Role != FolderRole.Sent && f.Role != FolderRole.Drafts).Select(f => f.Id);
        var unshown = db.Ledger.Where(e => incoming.Contains(e.FolderId) && e.ReceivedAt >= from && e.ReceivedAt <= until && e.MessageId == null && !e.AwaitsIntake
            && (e.Outcome == LedgerOutcome.Imported || e.Outcome == LedgerOutcome.Duplicate || e.Outcome == LedgerOutcome.Failed));
        return new MailCount(
            await listed.Distinct().CountAsync(cancellationToken), await shown.Distinct().CountAsync(cancellationToken), await unshown.CountAsync(cancellationToken));
    }
}
