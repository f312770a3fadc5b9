using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using FluentValidation;
using FluentValidation.Results;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

/// <summary>Mail being written. A draft belongs to its author: for anybody else it does not exist.</summary>
public sealed class Drafts
{
    private const int MaxListed = 500;
    private const int SnippetSource = 4000;

    private static readonly DraftSaveValidator s_validator = new();

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly MailHtml _mailHtml;
    private readonly TimeProvider _clock;
    private readonly DraftUploads _uploads;
    private readonly DraftStarting _starting;
    private readonly DraftFiles _files;
    private readonly ComposedHtml _html = new();

    public Drafts(
        IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, DataDirectory directory, MessageReader reader, Requesters requesters, MailHtml mailHtml, TimeProvider clock, IOptions<SendingOptions> options)
    {
        (_dbFactory, _lane, _mailHtml, _clock) = (dbFactory, lane, mailHtml, clock);
        _uploads = new DraftUploads(directory, dbFactory, clock);
        _starting = new DraftStarting(dbFactory, lane, reader, requesters, clock);
        _files = new DraftFiles(dbFactory, lane, _uploads, options);
    }

    /// <summary>
    /// The author's draft in that ticket, made anew (addressed, with "Re:" subject, empty text) if there
    /// is none. Asked for another message or mode, it is addressed anew and keeps its text.
    /// </summary>
    /// <returns>Null if there is no such message.</returns>
    public Task<DraftView?> StartReplyAsync(long messageId, DraftMode mode, long authorId, CancellationToken cancellationToken) =>
        _starting.AnswerAsync(messageId, mode, authorId, cancellationToken);

    /// <summary>The same, to pass a message on: within the text with its files, or whole as a file. What cannot be read is passed on whole.</summary>
    /// <returns>Null if there is no such message.</returns>
    public Task<DraftView?> StartForwardAsync(long messageId, bool asAttachment, long authorId, CancellationToken cancellationToken) =>
        _starting.AnswerAsync(messageId, asAttachment ? DraftMode.ForwardAsAttachment : DraftMode.Forward, authorId, cancellationToken);

    /// <summary>The author's note in the ticket of a message, made anew if there is none.</summary>
    /// <returns>Null if there is no such message.</returns>
    public Task<DraftView?> StartNoteAsync(long messageId, long authorId, CancellationToken cancellationToken) =>
        _starting.AnswerAsync(messageId, DraftMode.Note, authorId, cancellationToken);

    /// <summary>An empty draft of what a note shall say instead, with the note's files; resumed where its author has begun it.</summary>
    /// <returns>Null if there is no such note.</returns>
    internal Task<DraftView?> StartNoteChangeAsync(long noteId, long authorId, CancellationToken cancellationToken) =>
        _starting.AnswerAsync(noteId, DraftMode.NoteChange, authorId, cancellationToken);

    /// <summary>A message that answers nothing; one that was begun and left untouched is taken up again.</summary>
    /// <param name="mailboxId">Whose mail it will be; null for the default mailbox.</param>
    /// <returns>Null if there is no mailbox to write from.</returns>
    public Task<DraftView?> StartNewAsync(long? mailboxId, IReadOnlyList<MailAddress> to, long authorId, CancellationToken cancellationToken) =>
        _starting.NewAsync(mailboxId, to, authorId, cancellationToken);

    /// <summary>One that is never taken up again: a program fills it at once, whatever else its author has begun.</summary>
    /// <param name="messageId">What is answered or forwarded; null for a new message.</param>
    /// <param name="mailboxId">Whose mail a new message will be.</param>
    /// <returns>Null if there is no such message or mailbox.</returns>
    internal Task<DraftView?> StartApartAsync(long? messageId, DraftMode mode, long? mailboxId, Actor actor, CancellationToken cancellationToken) => messageId is { } id
        ? _starting.AnswerAsync(id, mode, actor.UserId ?? 0, cancellationToken, actor)
        : _starting.NewAsync(mailboxId, [], actor.UserId ?? 0, cancellationToken, actor);

    /// <returns>The author's unsent draft in the ticket, or null.</returns>
    public async Task<DraftView?> FindForTicketAsync(long ticketId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await (await DraftRows.OfTicketAsync(db, ticketId, authorId, cancellationToken)).FirstOrDefaultAsync(cancellationToken) is { } draft
            ? await DraftRows.ViewAsync(db, draft, cancellationToken)
            : null;
    }

    /// <returns>All that the author has begun in the ticket, newest first: an answer and notes.</returns>
    public async Task<IReadOnlyList<DraftView>> ListForTicketAsync(long ticketId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        List<DraftView> views = [];
        foreach (var draft in await (await DraftRows.OfTicketAsync(db, ticketId, authorId, cancellationToken)).ToListAsync(cancellationToken))
        {
            views.Add(await DraftRows.ViewAsync(db, draft, cancellationToken));
        }

        return views;
    }

    public async Task<DraftView?> FindAsync(long draftId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is { } draft
            ? await DraftRows.ViewAsync(db, draft, cancellationToken)
            : null;
    }

    /// <summary>How many <see cref="ListAsync"/> lists.</summary>
    public async Task<int> CountAsync(long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await (await DraftRows.WrittenOfAsync(db, authorId, cancellationToken)).CountAsync(cancellationToken);
    }

    /// <returns>What the author has begun and not sent, last touched first; without new messages in which nothing was written.</returns>
    public async Task<IReadOnlyList<DraftSummary>> ListAsync(long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var written = await DraftRows.WrittenOfAsync(db, authorId, cancellationToken);
        var drafts = await written
            .OrderByDescending(d => d.UpdatedAt).ThenByDescending(d => d.Id)
            .Take(MaxListed)
            .Select(d => new
            {
                d.Id,
                d.MailboxId,
                d.TicketId,
                d.Mode,
                d.To,
                d.Subject,
                d.UpdatedAt,
                Html = d.Html.Substring(0, SnippetSource),
                HasAttachments = db.DraftAttachments.Any(a => a.DraftId == d.Id && !a.IsInline),
            })
            .ToListAsync(cancellationToken);
        return [.. drafts.Select(d => new DraftSummary(
            d.Id, d.MailboxId, d.TicketId, d.Mode, d.To, d.Subject, Snippets.OfText(_mailHtml.ToText(d.Html)), d.HasAttachments, d.UpdatedAt))];
    }

    /// <returns>The addresses that the draft may come from, that of its mailbox first; a new message may also leave from another mailbox.</returns>
    public async Task<IReadOnlyList<SenderChoice>> SendersAsync(DraftView draft, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, authorId, cancellationToken);
        var mailboxes = await WritingMailboxes.Of(db, reach)
            .Where(m => m.Id == draft.MailboxId || (draft.TicketId == null && m.Enabled))
            .OrderByDescending(m => m.Id == draft.MailboxId).ThenByDescending(m => m.IsDefault).ThenBy(m => m.Id)
            .ToListAsync(cancellationToken);
        return [.. mailboxes.SelectMany(Sender.Choices)];
    }

    /// <summary>Saves, with the HTML sanitised; a revision that is not newer changes nothing.</summary>
    /// <returns>The draft as saved; null if it is gone or already sent.</returns>
    /// <exception cref="ValidationException">An address is none, or a subject or name has line breaks; nothing was saved.</exception>
    public async Task<DraftView?> SaveAsync(long draftId, DraftSave save, long authorId, CancellationToken cancellationToken) =>
        (await TrySaveAsync(draftId, save, authorId, cancellationToken)).Draft;

    /// <summary>Changes what a draft says, whatever is saved of it at the same time: then it is made of that.</summary>
    /// <returns>The draft as saved; null if it is gone or already sent.</returns>
    /// <exception cref="ValidationException">As for <see cref="SaveAsync"/>.</exception>
    internal async Task<DraftView?> ChangeAsync(long draftId, Func<DraftView, DraftSave> change, long authorId, CancellationToken cancellationToken)
    {
        while (await FindAsync(draftId, authorId, cancellationToken) is { } draft)
        {
            if (await TrySaveAsync(draftId, change(draft) with { Revision = draft.Revision + 1 }, authorId, cancellationToken) is (var saved, true))
            {
                return saved;
            }
        }

        return null;
    }

    private async Task<(DraftView? Draft, bool IsSaved)> TrySaveAsync(long draftId, DraftSave save, long authorId, CancellationToken cancellationToken)
    {
        await s_validator.ValidateAndThrowAsync(save, cancellationToken);
        var html = _html.Sanitize(save.Html);
        return await _lane.RunAsync(
            async (db, token) =>
            {
                var draft = await DraftRows.FindAsync(db, draftId, authorId, token);
                if (draft is null)
                {
                    return ((DraftView?)null, false);
                }

                var isNewer = save.Revision > draft.Revision;
                if (isNewer)
                {
                    await ChooseSenderAsync(db, draft, save, token);
                    (draft.To, draft.Cc, draft.Bcc) = (save.To, save.Cc, save.Bcc);
                    (draft.Subject, draft.Html, draft.Revision) = (save.Subject.Trim(), html, save.Revision);
                    draft.UpdatedAt = _clock.GetUtcNow();
                    await db.SaveChangesAsync(token);
                }

                return (await DraftRows.ViewAsync(db, draft, token), isNewer);
            },
            cancellationToken);
    }

    /// <returns>Null if the draft is gone or already sent.</returns>
    /// <exception cref="AttachmentTooLargeException">The draft would exceed <see cref="SendingOptions.MaxAttachmentBytes"/>.</exception>
    public Task<DraftAttachment?> AttachAsync(long draftId, string name, string contentType, Stream content, long authorId, CancellationToken cancellationToken) =>
        _files.AddAsync(draftId, name, contentType, content, isInline: false, authorId, cancellationToken);

    /// <summary>Puts a picture to the draft; shown where the text names its address.</summary>
    /// <returns>Where the text shows it; null if the draft is gone or already sent.</returns>
    /// <exception cref="NotAPictureException">It is no PNG, JPEG, GIF or WebP picture.</exception>
    /// <exception cref="AttachmentTooLargeException">It is too large for a picture, or the draft would exceed <see cref="SendingOptions.MaxAttachmentBytes"/>.</exception>
    public async Task<string?> AddPictureAsync(long draftId, string name, Stream content, long authorId, CancellationToken cancellationToken)
    {
        var bytes = await DraftPictures.ReadAsync(content, cancellationToken);
        var type = DraftPictures.TypeOf(bytes) ?? throw new NotAPictureException();
        using MemoryStream picture = new(bytes, writable: false);
        return await _files.AddAsync(draftId, name, type, picture, isInline: true, authorId, cancellationToken) is { } added ? DraftPictures.Address(added.Id) : null;
    }

    /// <returns>A picture of a draft of the author; null if there is none.</returns>
    public Task<PartContent?> FindPictureAsync(long attachmentId, long authorId, CancellationToken cancellationToken) =>
        _files.FindPictureAsync(attachmentId, authorId, cancellationToken);

    public Task<bool> DetachAsync(long draftId, long attachmentId, long authorId, CancellationToken cancellationToken) =>
        _files.RemoveAsync(draftId, attachmentId, authorId, cancellationToken);

    public Task<bool> DiscardAsync(long draftId, long authorId, CancellationToken cancellationToken) =>
        DiscardAsync(draftId, Actor.User(authorId), cancellationToken);

    internal async Task<bool> DiscardAsync(long draftId, Actor actor, CancellationToken cancellationToken)
    {
        var storedNames = await _lane.RunAsync(
            async (db, token) =>
            {
                if (await DraftRows.FindAsync(db, draftId, actor.UserId ?? 0, token) is not { } draft)
                {
                    return null;
                }

                var names = await db.DraftAttachments.Where(a => a.DraftId == draftId && a.StoredName != null).Select(a => a.StoredName!).ToListAsync(token);
                db.Drafts.Remove(draft); // its attachments go with it
                db.Activity.Add(DraftActivity.Of(ActivityKind.DraftDiscarded, draft, actor, _clock));
                await db.SaveChangesAsync(token);
                return names;
            },
            cancellationToken);
        _uploads.Delete(storedNames ?? []);
        return storedNames is not null;
    }

    /// <exception cref="ValidationException">It is not an address that this draft may come from.</exception>
    private static async Task ChooseSenderAsync(EnneoDbContext db, Draft draft, DraftSave save, CancellationToken cancellationToken)
    {
        if (save.From is not { } from)
        {
            return;
        }

        var mailboxId = draft.TicketId is null ? save.MailboxId ?? draft.MailboxId : draft.MailboxId;
        var reach = await Reaches.OfAsync(db, draft.AuthorId, cancellationToken);
        var mailbox = await WritingMailboxes.Of(db, reach).SingleOrDefaultAsync(m => m.Id == mailboxId, cancellationToken);
        var address = mailbox is null ? null : Sender.Find(mailbox, from);
        if (mailbox is null || address is null)
        {
            throw new ValidationException([new ValidationFailure(nameof(DraftSave.From), NotOurs(from))]);
        }

        (draft.MailboxId, draft.FromAddress) = (mailbox.Id, address == mailbox.Address ? "" : address);
    }

    private static string NotOurs(string from) => string.Format(CultureInfo.CurrentCulture, SendingText.NotASender, OneLine.Of(from, 254));
}
