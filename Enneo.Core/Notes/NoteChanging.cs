using System.Net;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Notes;

/// <summary>Lets notes say something else. Only their author and admins may; that it was changed is shown.</summary>
public sealed class NoteChanging
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly NoteComposing _composing;
    private readonly Drafts _drafts;
    private readonly DraftUploads _uploads;
    private readonly MessageReader _reader;
    private readonly TimeProvider _clock;
    private readonly ComposedHtml _html = new();

    internal NoteChanging(
        IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, NoteComposing composing, Drafts drafts, DraftUploads uploads, MessageReader reader, TimeProvider clock) =>
        (_dbFactory, _lane, _composing, _drafts, _uploads, _reader, _clock) = (dbFactory, lane, composing, drafts, uploads, reader, clock);

    /// <summary>A draft of what it shall say instead, with all that it holds now; one that was begun goes on.</summary>
    /// <returns>Null if there is no such note for the actor.</returns>
    public async Task<DraftView?> StartAsync(long noteId, Actor actor, CancellationToken cancellationToken)
    {
        await using (var db = await _dbFactory.CreateDbContextAsync(cancellationToken))
        {
            if (await NoteRows.FindAsync(db, noteId, actor, cancellationToken) is null)
            {
                return null;
            }
        }

        var authorId = actor.UserId ?? 0;
        return await _drafts.StartNoteChangeAsync(noteId, authorId, cancellationToken) switch
        {
            { Revision: 0 } draft => await FillAsync(draft, noteId, authorId, cancellationToken),
            var begun => begun,
        };
    }

    /// <summary>Makes the note what its draft says, which is gone by it.</summary>
    /// <returns>The note; null if the draft is gone, or is none of a change, or the note is gone.</returns>
    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    public async Task<long?> FinishAsync(long draftId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var authorId = actor.UserId ?? 0;
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is not { Mode: DraftMode.NoteChange, AnsweredMessageId: { } noteId } draft
            || await NoteRows.FindAsync(db, noteId, actor, cancellationToken) is not { } note)
        {
            return null;
        }

        var files = await db.DraftAttachments.AsNoTracking().Where(a => a.DraftId == draftId).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == note.MailboxId, cancellationToken);
        var changed = await _composing.ComposeAsync(
            new DraftToSend(draft, files, note, mailbox, ""), [], note.TicketId, note.AuthorId, new MailAddress(note.FromName, note.FromAddress), cancellationToken);
        var done = await _lane.RunAsync(
            async (writer, token) =>
            {
                if (await DraftRows.FindAsync(writer, draftId, authorId, token) is not { } current || current.Revision != draft.Revision
                    || await NoteRows.FindAsync(writer, noteId, actor, token) is not { } former)
                {
                    return false;
                }

                writer.Drafts.Remove(current);
                await ReplaceAsync(writer, former, changed, actor, origin, token);
                return true;
            },
            cancellationToken);
        _uploads.Delete(done ? files.Select(file => file.StoredName).OfType<string>() : []);
        return done ? noteId : null;
    }

    /// <summary>Gives a note another text; its files stay.</summary>
    /// <returns>False if there is no such note for the actor.</returns>
    public Task<bool> EditAsync(long messageId, string html, Actor actor, string origin, CancellationToken cancellationToken) =>
        EditAsync(messageId, new NoteEdit(html, []), actor, origin, cancellationToken);

    /// <summary>Gives a note another text, or more files or fewer.</summary>
    /// <inheritdoc cref="EditAsync(long, string, Actor, string, CancellationToken)"/>
    public async Task<bool> EditAsync(long messageId, NoteEdit edit, Actor actor, string origin, CancellationToken cancellationToken)
    {
        bool? done;
        do
        {
            done = await TryEditAsync(messageId, edit, NoteRows.FindAsync, actor, origin, cancellationToken);
        }
        while (done is null);

        return done.Value;
    }

    /// <summary>Gives it the text that it was given where it is kept too, whoever wrote it.</summary>
    /// <param name="seenSourceId">What it was compared by: a note that says something else by now stays.</param>
    /// <returns>Whether it has that text.</returns>
    internal async Task<bool> FollowAsync(long messageId, long? seenSourceId, NoteEdit edit, Actor actor, string origin, CancellationToken cancellationToken) =>
        await TryEditAsync(
            messageId, edit, async (db, id, who, token) => await NoteRows.FindAnyAsync(db, id, who, token) is { } note && note.SourceId == seenSourceId ? note : null, actor, origin, cancellationToken) is true;

    /// <returns>Null if somebody else changed it meanwhile.</returns>
    private async Task<bool?> TryEditAsync(
        long messageId, NoteEdit edit, Func<EnneoDbContext, long, Actor, CancellationToken, Task<Message?>> find, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await find(db, messageId, actor, cancellationToken) is not { } note)
        {
            return false;
        }

        if (await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == note.SourceId, cancellationToken) is not { } source)
        {
            return null;
        }

        var changed = await _composing.ComposeAnewAsync(note, source, edit with { Html = edit.Html is { } html ? _html.Sanitize(html) : null }, cancellationToken);
        return await _lane.RunAsync<bool?>(
            async (writer, token) =>
            {
                if (await find(writer, messageId, actor, token) is not { } current)
                {
                    return false;
                }

                if (current.SourceId != note.SourceId)
                {
                    return null;
                }

                await ReplaceAsync(writer, current, changed, actor, origin, token);
                return true;
            },
            cancellationToken);
    }

    private async Task ReplaceAsync(EnneoDbContext db, Message note, PreparedNote changed, Actor actor, string origin, CancellationToken cancellationToken)
    {
        db.Sources.Add(changed.Source);
        await db.SaveChangesAsync(cancellationToken);
        await db.Messages.Where(m => m.Id == note.Id).ExecuteUpdateAsync(
            set => set.SetProperty(m => m.SourceId, changed.Source.Id).SetProperty(m => m.Sha256, changed.Source.Sha256)
                .SetProperty(m => m.Snippet, changed.Snippet).SetProperty(m => m.Size, changed.Source.RawLength)
                .SetProperty(m => m.HasAttachments, changed.Parsed.HasAttachments), cancellationToken);
        await db.Sources.Where(s => s.Id == note.SourceId).ExecuteDeleteAsync(cancellationToken);
        using (SearchWriter search = new(db))
        {
            search.Remove(note.Id);
            search.Add(SearchDocument.Of(await db.Messages.AsNoTracking().SingleAsync(m => m.Id == note.Id, cancellationToken), changed.Parsed));
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteChanged, actor, origin, _clock, note.MailboxId, note.TicketId, note.Id));
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Its files are there by then; pictures are put to the draft, to be shown while it is written.</summary>
    private async Task<DraftView?> FillAsync(DraftView draft, long noteId, long authorId, CancellationToken cancellationToken)
    {
        if (await _reader.FindAsync(Reach.All, noteId, cancellationToken) is not { Unreadable: null } content)
        {
            return null;
        }

        var html = content.Html ?? WebUtility.HtmlEncode(content.Text).Replace("\n", "<br>", StringComparison.Ordinal);
        foreach (var picture in content.Parts.Where(part => part is { IsInline: true, ContentId: not null }))
        {
            if (await _reader.FindPartAsync(Reach.All, noteId, picture.Index, cancellationToken) is { } part && DraftPictures.TypeOf(part.Bytes) is not null)
            {
                using MemoryStream bytes = new(part.Bytes, writable: false);
                var address = await _drafts.AddPictureAsync(draft.Id, picture.Name, bytes, authorId, cancellationToken);
                html = html.Replace($"\"cid:{picture.ContentId}\"", $"\"{address}\"", StringComparison.Ordinal);
            }
        }

        return await _drafts.SaveAsync(draft.Id, new DraftSave(draft.Revision + 1, [], [], [], draft.Subject, html), authorId, cancellationToken);
    }
}
