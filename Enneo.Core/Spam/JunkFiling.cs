using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Spam;

/// <summary>What was filed into a folder, and what that said about spam: what undoing needs.</summary>
public sealed record FiledWithWord(FilingResult Filed, IReadOnlyList<SpamDecision> Decisions);

/// <summary>
/// Files conversations into a folder that a person chose. Into that for junk says that they are spam; from among spam into a
/// folder for mail says that they are not.
/// </summary>
public sealed class JunkFiling(WriterLane lane, TicketFiling filing, SpamDecisions decisions)
{
    public Task<FiledWithWord> MoveToFolderAsync(
        IReadOnlyCollection<long> ticketIds, long folderId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var folder = await db.Folders.Where(f => f.Id == folderId && f.IsListed && f.IsSelectable).Select(f => new { f.MailboxId, f.Role }).SingleOrDefaultAsync(token);
            var decided = folder is null or { Role: FolderRole.Trash or FolderRole.Drafts or FolderRole.Sent }
                ? []
                : await decisions.MarkAsync(db, await ConcernedAsync(db, ticketIds, folder.MailboxId, folder.Role is FolderRole.Junk, token), folder.Role is FolderRole.Junk, actor, origin, token);
            return new FiledWithWord(await filing.MoveToFolderAsync(db, ticketIds, folderId, actor, origin, token), decided);
        },
        cancellationToken);

    /// <summary>Puts each message back to where it lay, and takes the word back; but for conversations about which somebody has decided again meanwhile.</summary>
    public Task UndoAsync(FiledWithWord done, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var overtaken = await SpamDecisions.OvertakenAsync(db, done.Decisions, token);
            var staying = await db.Messages.Where(m => overtaken.Contains(m.TicketId)).Select(m => m.Id).ToListAsync(token);
            await filing.PutBackAsync(db, [.. done.Filed.Moved.ExceptBy(staying, message => message.MessageId)], actor, origin, token);
            await decisions.UndoAsync(db, done.Decisions, actor, origin, token);
        },
        cancellationToken);

    /// <returns>Of the folder's mailbox: the others are not moved.</returns>
    private static async Task<List<long>> ConcernedAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, long mailboxId, bool intoJunk, CancellationToken cancellationToken)
    {
        var tickets = await db.Tickets.AsNoTracking().Where(t => ticketIds.Contains(t.Id) && t.MailboxId == mailboxId).ToListAsync(cancellationToken);
        return [.. tickets.Where(t => intoJunk || t.SpamStatus.IsSpam()).Select(t => t.Id)];
    }
}
