using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Sending;
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
    public async Task<long?> AddDraftAsync(long draftId, long authorId, string origin, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await DraftRows.FindAsync(db, draftId, authorId, cancellationToken) is not { Mode: DraftMode.Note, TicketId: { } ticketId } draft)
        {
            return null;
        }

        var files = await db.DraftAttachments.AsNoTracking().Where(a => a.DraftId == draftId).OrderBy(a => a.Id).ToListAsync(cancellationToken);
        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken);
        var author = Actor.User(authorId);
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

    /// <summary>Gives a note another text; its files stay. Only its author and admins may.</summary>
    /// <returns>False if there is no such note for the actor.</returns>
    public async Task<bool> EditAsync(long messageId, string html, Actor actor, string origin, CancellationToken cancellationToken)
    {
        bool? done;
        do
        {
            done = await TryEditAsync(messageId, html, actor, origin, cancellationToken);
        }
        while (done is null);

        return done.Value;
    }

    /// <returns>Null if somebody else changed it meanwhile.</returns>
    private async Task<bool?> TryEditAsync(long messageId, string html, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        if (await FindAsync(db, messageId, actor, cancellationToken) is not { } note)
        {
            return false;
        }

        if (await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == note.SourceId, cancellationToken) is not { } source)
        {
            return null;
        }

        var changed = await _composing.ComposeAnewAsync(note, source, _html.Sanitize(html), cancellationToken);
        return await _lane.RunAsync<bool?>(
            async (writer, token) =>
            {
                if (await FindAsync(writer, messageId, actor, token) is not { } current)
                {
                    return false;
                }

                if (current.SourceId != note.SourceId)
                {
                    return null;
                }

                writer.Sources.Add(changed.Source);
                await writer.SaveChangesAsync(token);
                await writer.Messages.Where(m => m.Id == messageId).ExecuteUpdateAsync(
                    set => set.SetProperty(m => m.SourceId, changed.Source.Id).SetProperty(m => m.Sha256, changed.Source.Sha256)
                        .SetProperty(m => m.Snippet, changed.Snippet).SetProperty(m => m.Size, changed.Source.RawLength), token);
                await writer.Sources.Where(s => s.Id == note.SourceId).ExecuteDeleteAsync(token);
                using (SearchWriter search = new(writer))
                {
                    search.Remove(messageId);
                    search.Add(SearchDocument.Of(await writer.Messages.AsNoTracking().SingleAsync(m => m.Id == messageId, token), changed.Parsed));
                }

                writer.Activity.Add(ActivityEntry.Of(ActivityKind.NoteChanged, actor, origin, _clock, current.MailboxId, current.TicketId, messageId));
                await writer.SaveChangesAsync(token);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Only its author and admins may.</summary>
    /// <returns>False if there is no such note for the actor.</returns>
    public Task<bool> RemoveAsync(long messageId, Actor actor, string origin, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            if (await FindAsync(db, messageId, actor, token) is not { } note)
            {
                return false;
            }

            using (SearchWriter search = new(db))
            {
                search.Remove(messageId);
            }

            await _removal.RemoveMessageAsync(db, messageId, token);
            await db.Sources.Where(s => s.Id == note.SourceId).ExecuteDeleteAsync(token);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteRemoved, actor, origin, _clock, note.MailboxId, note.TicketId, changes: ("note", messageId, null)));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

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

        db.Activity.Add(ActivityEntry.Of(ActivityKind.NoteAdded, actor, origin, _clock, note.MailboxId, ticketId, message.Id));
        await db.SaveChangesAsync(cancellationToken);
        return message.Id;
    }

    private Message MessageOf(PreparedNote note, long ticketId) => new()
    {
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

    private static async Task<Message?> FindAsync(EnneoDbContext db, long messageId, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var note = await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.Direction == MessageDirection.Internal, cancellationToken);
        return note is not null && (reach.MailboxIds is null || note.AuthorId == actor.UserId) ? note : null;
    }
}
