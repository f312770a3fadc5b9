using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Enneo.Core.Sending;

/// <summary>Answers being written. A draft belongs to its author: for anybody else it does not exist.</summary>
public sealed class Drafts(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    DataDirectory directory,
    TimeProvider clock,
    IOptions<SendingOptions> options)
{
    private static readonly DraftSaveValidator s_validator = new();

    private readonly DraftUploads _uploads = new(directory, dbFactory, clock);
    private readonly ComposedHtml _html = new();

    /// <summary>
    /// The author's draft in that ticket, made anew (addressed, with "Re:" subject, empty text) if there
    /// is none. Asked for another message or mode, it is addressed anew and keeps its text.
    /// </summary>
    /// <returns>Null if there is no such message.</returns>
    public Task<DraftView?> StartReplyAsync(long messageId, ReplyMode mode, long authorId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var answered = await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == messageId, token);
            if (answered is null)
            {
                return null;
            }

            var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == answered.MailboxId, token);
            var draft = await OpenOf(db, answered.TicketId, authorId).FirstOrDefaultAsync(token);
            if (draft is null)
            {
                draft = Address(null, answered, mailbox, mode, authorId);
                db.Drafts.Add(draft);
                db.Activity.Add(Entry(ActivityKind.DraftSaved, draft));
            }
            else if (draft.AnsweredMessageId != messageId || draft.Mode != mode)
            {
                Address(draft, answered, mailbox, mode, authorId);
                db.Activity.Add(Entry(ActivityKind.DraftSaved, draft));
            }

            await db.SaveChangesAsync(token);
            return await ViewAsync(db, draft, token);
        },
        cancellationToken);

    /// <returns>The author's unsent draft in the ticket, or null.</returns>
    public async Task<DraftView?> FindForTicketAsync(long ticketId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await OpenOf(db, ticketId, authorId).FirstOrDefaultAsync(cancellationToken) is { } draft
            ? await ViewAsync(db, draft, cancellationToken)
            : null;
    }

    public async Task<DraftView?> FindAsync(long draftId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await FindOpenAsync(db, draftId, authorId, cancellationToken) is { } draft
            ? await ViewAsync(db, draft, cancellationToken)
            : null;
    }

    /// <summary>Saves, with the HTML sanitised; a revision that is not newer changes nothing.</summary>
    /// <returns>The draft as saved; null if it is gone or already sent.</returns>
    /// <exception cref="ValidationException">An address is none, or a subject or name has line breaks; nothing was saved.</exception>
    public async Task<DraftView?> SaveAsync(long draftId, DraftSave save, long authorId, CancellationToken cancellationToken)
    {
        await s_validator.ValidateAndThrowAsync(save, cancellationToken);
        var html = _html.Sanitize(save.Html);
        return await lane.RunAsync(
            async (db, token) =>
            {
                var draft = await FindOpenAsync(db, draftId, authorId, token);
                if (draft is null)
                {
                    return null;
                }

                if (save.Revision > draft.Revision)
                {
                    (draft.To, draft.Cc, draft.Bcc) = (save.To, save.Cc, save.Bcc);
                    (draft.Subject, draft.Html, draft.Revision) = (save.Subject.Trim(), html, save.Revision);
                    draft.UpdatedAt = clock.GetUtcNow();
                    await db.SaveChangesAsync(token);
                }

                return await ViewAsync(db, draft, token);
            },
            cancellationToken);
    }

    /// <returns>Null if the draft is gone or already sent.</returns>
    /// <exception cref="AttachmentTooLargeException">The draft would exceed <see cref="SendingOptions.MaxAttachmentBytes"/>.</exception>
    public async Task<DraftAttachment?> AttachAsync(long draftId, string name, string contentType, Stream content, long authorId, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxAttachmentBytes;
        if (await FindAsync(draftId, authorId, cancellationToken) is not { } draft)
        {
            return null;
        }

        if (await _uploads.WriteAsync(content, limit - draft.Attachments.Sum(a => a.Size), cancellationToken) is not var (storedName, size))
        {
            throw new AttachmentTooLargeException(limit);
        }

        DraftAttachment attachment = new()
        {
            DraftId = draftId,
            Name = AttachmentName.Clean(name),
            ContentType = ContentType.TryParse(contentType, out var type) ? type.MimeType.ToLowerInvariant() : "application/octet-stream",
            Size = size,
            StoredName = storedName,
        };
        var added = false;
        try
        {
            added = await AddAsync(attachment, authorId, limit, cancellationToken);
        }
        finally
        {
            if (!added)
            {
                _uploads.Delete([storedName]);
            }
        }

        return added ? attachment : null;
    }

    public async Task<bool> DetachAsync(long draftId, long attachmentId, long authorId, CancellationToken cancellationToken)
    {
        var storedName = await lane.RunAsync(
            async (db, token) =>
            {
                var attachment = await FindOpenAsync(db, draftId, authorId, token) is null
                    ? null
                    : await db.DraftAttachments.SingleOrDefaultAsync(a => a.Id == attachmentId && a.DraftId == draftId, token);
                if (attachment is not null)
                {
                    db.DraftAttachments.Remove(attachment);
                    await db.SaveChangesAsync(token);
                }

                return attachment?.StoredName;
            },
            cancellationToken);
        _uploads.Delete(storedName is null ? [] : [storedName]);
        return storedName is not null;
    }

    public async Task<bool> DiscardAsync(long draftId, long authorId, CancellationToken cancellationToken)
    {
        var storedNames = await lane.RunAsync(
            async (db, token) =>
            {
                if (await FindOpenAsync(db, draftId, authorId, token) is not { } draft)
                {
                    return null;
                }

                var names = await db.DraftAttachments.Where(a => a.DraftId == draftId).Select(a => a.StoredName).ToListAsync(token);
                db.Drafts.Remove(draft); // its attachments go with it
                db.Activity.Add(Entry(ActivityKind.DraftDiscarded, draft));
                await db.SaveChangesAsync(token);
                return names;
            },
            cancellationToken);
        _uploads.Delete(storedNames ?? []);
        return storedNames is not null;
    }

    private static IQueryable<Draft> OpenOf(EnneoDbContext db, long ticketId, long authorId) => db.Drafts
        .Where(d => d.TicketId == ticketId && d.AuthorId == authorId && d.OutgoingMessageId == null)
        .OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id);

    private static Task<Draft?> FindOpenAsync(EnneoDbContext db, long draftId, long authorId, CancellationToken cancellationToken) =>
        db.Drafts.SingleOrDefaultAsync(d => d.Id == draftId && d.AuthorId == authorId && d.OutgoingMessageId == null, cancellationToken);

    private static async Task<DraftView> ViewAsync(EnneoDbContext db, Draft draft, CancellationToken cancellationToken)
    {
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken);
        var attachments = await db.DraftAttachments.AsNoTracking().Where(a => a.DraftId == draft.Id).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        return new DraftView(
            draft.Id, draft.TicketId, draft.AnsweredMessageId, draft.Mode, Sender.Of(mailbox), draft.To, draft.Cc, draft.Bcc,
            draft.Subject, draft.Html, draft.Revision, draft.UpdatedAt, attachments);
    }

    private Draft Address(Draft? draft, Message answered, Mailbox mailbox, ReplyMode mode, long authorId)
    {
        var addressing = ReplyAddressing.For(answered, mode, mailbox.OwnAddresses.ToHashSet(StringComparer.Ordinal));
        draft ??= new Draft
        {
            MailboxId = mailbox.Id,
            TicketId = answered.TicketId,
            AnsweredMessageId = answered.Id,
            AuthorId = authorId,
            Mode = mode,
            To = [],
            Subject = "",
            UpdatedAt = clock.GetUtcNow(),
        };
        (draft.AnsweredMessageId, draft.Mode, draft.To, draft.Cc) = (answered.Id, mode, addressing.To, addressing.Cc);
        (draft.Subject, draft.UpdatedAt) = (ReplySubject.For(answered.Subject), clock.GetUtcNow());
        return draft;
    }

    private Task<bool> AddAsync(DraftAttachment attachment, long authorId, long limit, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await FindOpenAsync(db, attachment.DraftId, authorId, token) is null)
            {
                return false;
            }

            var others = await db.DraftAttachments.Where(a => a.DraftId == attachment.DraftId).SumAsync(a => a.Size, token);
            if (others + attachment.Size > limit)
            {
                throw new AttachmentTooLargeException(limit); // two came at once
            }

            db.DraftAttachments.Add(attachment);
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private ActivityEntry Entry(ActivityKind kind, Draft draft) => ActivityEntry.Of(
        kind, Actor.User(draft.AuthorId), SendingOrigin.Web, clock, draft.MailboxId, draft.TicketId, draft.AnsweredMessageId);
}
