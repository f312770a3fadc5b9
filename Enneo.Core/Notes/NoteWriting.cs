using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Notes;

/// <summary>
/// Internal notes: messages of a ticket that never leave. They are shown and found like mail, and stand in no answer,
/// no forward and no export; they neither open a ticket nor bring it to the top of a list.
/// </summary>
public sealed class NoteWriting
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly NoteComposing _composing;
    private readonly DraftUploads _uploads;
    private readonly TicketRemoval _removal;
    private readonly TimeProvider _clock;
    private readonly ComposedHtml _html = new();

    internal NoteWriting(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, NoteComposing composing, DraftUploads uploads, TicketRemoval removal, TimeProvider clock) =>
        (_dbFactory, _lane, _composing, _uploads, _removal, _clock) = (dbFactory, lane, composing, uploads, removal, clock);

    /// <returns>The id of its message; null if there is no such ticket for the actor.</returns>
    public async Task<long?> AddAsync(long ticketId, NoteInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        await PrepareAsync(ticketId, input, actor, cancellationToken) is { } note
            ? await _lane.RunAsync((db, token) => WriteAsync(db, note, actor, origin, token), cancellationToken)
            : null;

    /// <summary>Makes a note of a draft, which is gone by it.</summary>
    /// <returns>Null if the draft is gone, or is none of a note.</returns>
    /// <exception cref="FileNotFoundException">An attached file is gone.</exception>
    public async Task<long?> AddDraftAsync(long draftId, Actor author, string origin, CancellationToken cancellationToken)
    {
        var authorId = author.UserId ?? 0;
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is not { Mode: DraftMode.Note, TicketId: { } ticketId } draft)
        {
            return null;
        }

        var files = await db.DraftAttachments.AsNoTracking().Where(a => a.DraftId == draftId).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken);
        var note = await _composing.ComposeAsync(
            new DraftToSend(draft, files, null, mailbox, ""), [], ticketId, authorId, await FromAsync(db, author, mailbox, cancellationToken), cancellationToken);
        var added = await _lane.RunAsync(
            async (writer, token) =>
            {
                if (await DraftRows.FindAsync(writer, draftId, authorId, token) is not { } current || current.Revision != draft.Revision)
                {
                    return null; // another click was faster
                }

                writer.Drafts.Remove(current);
                return await WriteAsync(writer, note with { TicketId = current.TicketId ?? ticketId }, author, origin, token);
            },
            cancellationToken);
        _uploads.Delete(added is null ? [] : [.. files.Select(file => file.StoredName).OfType<string>()]);
        return added;
    }

    /// <summary>Only its author and admins may.</summary>
    /// <returns>What puts it back; null if there is no such note for the actor.</returns>
    public Task<RemovedNote?> RemoveAsync(long messageId, Actor actor, string origin, CancellationToken cancellationToken) =>
        RemoveAsync(messageId, NoteRows.FindAsync, actor, origin, cancellationToken);

    /// <summary>Removes a note that was removed where it is kept too, whoever wrote it.</summary>
    /// <param name="seenSourceId">What it was compared by: a note that says something else by now stays.</param>
    /// <returns>Whether it is gone by this.</returns>
    internal async Task<bool> FollowRemovalAsync(long messageId, long? seenSourceId, Actor actor, string origin, CancellationToken cancellationToken) => await RemoveAsync(
        messageId, async (db, id, who, token) => await NoteRows.FindAnyAsync(db, id, who, token) is { } note && note.SourceId == seenSourceId ? note : null, actor, origin, cancellationToken) is not null;

    private Task<RemovedNote?> RemoveAsync(
        long messageId, Func<EnneoDbContext, long, Actor, CancellationToken, Task<Message?>> find, Actor actor, string origin, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            if (await find(db, messageId, actor, token) is not { } note
                || await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == note.SourceId, token) is not { } source)
            {
                return null;
            }

            using (SearchWriter search = new(db))
            {
                search.Remove(messageId);
            }

            await _removal.RemoveMessageAsync(db, messageId, token);
            await db.Sources.Where(s => s.Id == note.SourceId).ExecuteDeleteAsync(token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteRemoved, actor, origin, _clock, note.MailboxId, note.TicketId, changes: ("note", messageId, null)));
            await db.SaveChangesAsync(token);
            return new RemovedNote(note, source);
        },
        cancellationToken);

    /// <summary>Puts a note back as it was.</summary>
    /// <returns>False if its ticket is gone, or is none for the actor.</returns>
    /// <exception cref="CorruptSourceException">What was stored is damaged.</exception>
    public async Task<bool> RestoreAsync(RemovedNote removed, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var note = await _composing.ReadAsync(removed, cancellationToken);
        return await _lane.RunAsync(
            async (db, token) =>
            {
                var reach = await Reaches.OfAsync(db, actor, token);
                return reach.Covers(note.MailboxId) && await WriteAsync(db, note, actor, origin, token) is not null;
            },
            cancellationToken);
    }

    /// <summary>Composes and stores it, and changes nothing yet.</summary>
    internal async Task<PreparedNote?> PrepareAsync(long ticketId, NoteInput input, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        if (await reach.Of(db.Tickets.AsNoTracking()).SingleOrDefaultAsync(t => t.Id == ticketId, cancellationToken) is not { } ticket)
        {
            return null;
        }

        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == ticket.MailboxId, cancellationToken);
        Draft text = new()
        {
            MailboxId = mailbox.Id,
            TicketId = ticketId,
            AnsweredMessageId = null,
            AuthorId = actor.UserId ?? 0,
            Mode = DraftMode.Note,
            To = [],
            Subject = ticket.Subject,
            Html = _html.Sanitize(input.Html),
            UpdatedAt = _clock.GetUtcNow(),
        };
        var from = input.From ?? await FromAsync(db, actor, mailbox, cancellationToken);
        return await _composing.ComposeAsync(new DraftToSend(text, [], null, mailbox, ""), input.Files, ticketId, actor.UserId, from, cancellationToken) with { At = input.At };
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    /// <returns>Null if the ticket is gone.</returns>
    internal async Task<long?> WriteAsync(EnneoDbContext db, PreparedNote note, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var ticketId = await db.TicketMerges.Where(m => m.TicketId == note.TicketId).Select(m => (long?)m.IntoId).SingleOrDefaultAsync(cancellationToken) ?? note.TicketId;
        if (!await db.Tickets.AnyAsync(t => t.Id == ticketId && t.MailboxId == note.MailboxId, cancellationToken))
        {
            return null;
        }

        db.Sources.Add(note.Source);
        await db.SaveChangesAsync(cancellationToken);
        var message = MessageOf(note, ticketId);
        db.Messages.Add(message);
        await db.SaveChangesAsync(cancellationToken);
        using (SearchWriter search = new(db))
        {
            search.Add(SearchDocument.Of(message, note.Parsed));
        }

        db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteAdded, actor, origin, _clock, note.MailboxId, ticketId, message.Id, note.FormerId is { } id ? [("note", null, id)] : []));
        await db.SaveChangesAsync(cancellationToken);
        return message.Id;
    }

    private Message MessageOf(PreparedNote note, long ticketId) => new()
    {
        Id = note.FormerId ?? 0,
        MailboxId = note.MailboxId,
        TicketId = ticketId,
        SourceId = note.Source.Id,
        Sha256 = note.Source.Sha256,
        Direction = MessageDirection.Internal,
        Subject = note.Subject,
        FromName = note.From.Name,
        FromAddress = note.From.Address,
        ReceivedAt = note.At ?? _clock.GetUtcNow(),
        IsSeen = true,
        HasAttachments = note.Parsed.HasAttachments,
        Snippet = note.Snippet,
        Size = note.Source.RawLength,
        ThreadRule = ThreadRule.WrittenHere,
        AuthorId = note.AuthorId,
        OnServer = false,
    };

    /// <summary>A program writes in the mailbox's name.</summary>
    private static async Task<MailAddress> FromAsync(EnneoDbContext db, Actor actor, Mailbox mailbox, CancellationToken cancellationToken)
    {
        var author = await db.Users.Where(u => u.Id == actor.UserId).Select(u => new { u.DisplayName, u.Email }).SingleOrDefaultAsync(cancellationToken);
        return author is null ? new MailAddress("Enneo", mailbox.Address) : new MailAddress(author.DisplayName, author.Email ?? mailbox.Address);
    }
}
