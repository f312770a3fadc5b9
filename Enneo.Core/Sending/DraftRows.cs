using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>The unsent drafts of one author, in mailboxes that they may see: what is somebody else's or sent is not there.</summary>
internal static class DraftRows
{
    public static async Task<IQueryable<Draft>> OpenOfAsync(EnneoDbContext db, long authorId, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, authorId, cancellationToken);
        return reach.Of(db.Drafts).Where(d => d.AuthorId == authorId && d.OutgoingMessageId == null);
    }

    /// <summary>Those without new messages in which nothing was written.</summary>
    public static async Task<IQueryable<Draft>> WrittenOfAsync(EnneoDbContext db, long authorId, CancellationToken cancellationToken) =>
        (await OpenOfAsync(db, authorId, cancellationToken)).Where(d => d.Mode != DraftMode.New || d.Revision > 0 || db.DraftAttachments.Any(a => a.DraftId == d.Id));

    /// <summary>What its author has begun in a ticket, newest first.</summary>
    public static async Task<IQueryable<Draft>> OfTicketAsync(EnneoDbContext db, long ticketId, long authorId, CancellationToken cancellationToken) =>
        (await OpenOfAsync(db, authorId, cancellationToken)).Where(d => d.TicketId == ticketId).OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id);

    /// <summary>The draft that goes on when a message of a ticket is to be answered in that mode. What was written as a note never becomes mail.</summary>
    public static async Task<Draft?> FindAlikeAsync(EnneoDbContext db, Message message, DraftMode mode, long authorId, CancellationToken cancellationToken)
    {
        var drafts = await OfTicketAsync(db, message.TicketId, authorId, cancellationToken);
        return await (mode switch
        {
            DraftMode.Note => drafts.Where(d => d.Mode == DraftMode.Note),
            DraftMode.NoteChange => drafts.Where(d => d.Mode == DraftMode.NoteChange && d.AnsweredMessageId == message.Id),
            _ => drafts.Where(d => DraftModes.OfMail.Contains(d.Mode)),
        }).FirstOrDefaultAsync(cancellationToken);
    }

    public static async Task<Draft?> FindAsync(EnneoDbContext db, long draftId, long authorId, CancellationToken cancellationToken) =>
        await (await OpenOfAsync(db, authorId, cancellationToken)).SingleOrDefaultAsync(d => d.Id == draftId, cancellationToken);

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
