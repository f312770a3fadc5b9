using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>The unsent drafts of one author: what is somebody else's or sent is not there.</summary>
internal static class DraftRows
{
    public static IQueryable<Draft> OpenOf(EnneoDbContext db, long authorId) =>
        db.Drafts.Where(d => d.AuthorId == authorId && d.OutgoingMessageId == null);

    /// <summary>Those without new messages in which nothing was written.</summary>
    public static IQueryable<Draft> WrittenOf(EnneoDbContext db, long authorId) =>
        OpenOf(db, authorId).Where(d => d.Mode != DraftMode.New || d.Revision > 0 || db.DraftAttachments.Any(a => a.DraftId == d.Id));

    /// <returns>The newest in the ticket.</returns>
    public static Task<Draft?> FindForTicketAsync(EnneoDbContext db, long ticketId, long authorId, CancellationToken cancellationToken) => OpenOf(db, authorId)
        .Where(d => d.TicketId == ticketId)
        .OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id)
        .FirstOrDefaultAsync(cancellationToken);

    public static Task<Draft?> FindAsync(EnneoDbContext db, long draftId, long authorId, CancellationToken cancellationToken) =>
        OpenOf(db, authorId).SingleOrDefaultAsync(d => d.Id == draftId, cancellationToken);

    public static async Task<DraftView> ViewAsync(EnneoDbContext db, Draft draft, CancellationToken cancellationToken)
    {
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken);
        var attachments = await db.DraftAttachments.AsNoTracking()
            .Where(a => a.DraftId == draft.Id && !a.IsInline)
            .OrderBy(a => a.Id)
            .ToListAsync(cancellationToken);
        return new DraftView(
            draft.Id, draft.MailboxId, draft.TicketId, draft.AnsweredMessageId, draft.Mode, Sender.Of(mailbox, draft.FromAddress), draft.To, draft.Cc, draft.Bcc,
            draft.Subject, draft.Html, draft.Revision, draft.UpdatedAt, attachments);
    }
}
