using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>Begins drafts, or resumes the one that its author has already begun.</summary>
internal sealed class DraftStarting(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageReader reader, Requesters requesters, TimeProvider clock)
{
    private readonly SenderFinding _senders = new(reader);

    /// <summary>
    /// The author's draft in the message's ticket. Asked for another message or mode, it is addressed
    /// anew and keeps its text and the files that were added to it.
    /// </summary>
    /// <returns>Null if there is no such message.</returns>
    public async Task<DraftView?> AnswerAsync(long messageId, DraftMode mode, long authorId, CancellationToken cancellationToken, Actor? apartBy = null)
    {
        if (await ReadAsync(messageId, mode, authorId, cancellationToken) is not { } answer)
        {
            return null;
        }

        return await lane.RunAsync(
            async (db, token) =>
            {
                var draft = apartBy is not null ? null : await DraftRows.FindAlikeAsync(db, answer.Message, mode, authorId, token);
                if (draft is null)
                {
                    draft = new Draft
                    {
                        MailboxId = answer.Mailbox.Id,
                        TicketId = answer.Message.TicketId,
                        AnsweredMessageId = answer.Message.Id,
                        AuthorId = authorId,
                        Mode = answer.Mode,
                        To = [],
                        Subject = "",
                        UpdatedAt = clock.GetUtcNow(),
                    };
                    db.Drafts.Add(draft);
                    await AddressAsync(db, draft, answer, apartBy, token);
                }
                else if ((draft.AnsweredMessageId, draft.Mode) != (messageId, answer.Mode))
                {
                    await AddressAsync(db, draft, answer, apartBy, token);
                }

                return await DraftRows.ViewAsync(db, draft, token);
            },
            cancellationToken);
    }

    /// <summary>An empty message; one that was begun and left untouched is taken up again.</summary>
    /// <param name="mailboxId">Whose mail it will be; null for the default mailbox.</param>
    /// <returns>Null if there is no mailbox to write from.</returns>
    public Task<DraftView?> NewAsync(long? mailboxId, IReadOnlyList<MailAddress> to, long authorId, CancellationToken cancellationToken, Actor? apartBy = null) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, authorId, token);
            var mailbox = await WritingMailboxes.Of(db, reach)
                .Where(m => m.Enabled)
                .OrderByDescending(m => m.Id == mailboxId).ThenByDescending(m => m.IsDefault).ThenBy(m => m.Id)
                .FirstOrDefaultAsync(token);
            if (mailbox is null || (apartBy is not null && mailbox.Id != mailboxId))
            {
                return null;
            }

            var open = await DraftRows.OpenOfAsync(db, authorId, token);
            var draft = apartBy is not null ? null : await open.FirstOrDefaultAsync(
                d => d.Mode == DraftMode.New && d.TicketId == null && d.Revision == 0 && !db.DraftAttachments.Any(a => a.DraftId == d.Id), token);
            if (draft is null)
            {
                draft = new Draft
                {
                    MailboxId = mailbox.Id,
                    TicketId = null,
                    AnsweredMessageId = null,
                    AuthorId = authorId,
                    Mode = DraftMode.New,
                    To = to,
                    Subject = "",
                    UpdatedAt = clock.GetUtcNow(),
                };
                db.Drafts.Add(draft);
                db.Activity.Add(Saved(draft, apartBy));
            }

            (draft.MailboxId, draft.FromAddress, draft.To, draft.UpdatedAt) = (mailbox.Id, "", to, clock.GetUtcNow());
            await db.SaveChangesAsync(token);
            return await DraftRows.ViewAsync(db, draft, token);
        },
        cancellationToken);

    private async Task<Answer?> ReadAsync(long messageId, DraftMode mode, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, authorId, cancellationToken);
        var message = await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId, cancellationToken);
        if (message is null || (message.Direction is MessageDirection.Internal ? !mode.IsNote() : mode is DraftMode.NoteChange))
        {
            return null; // a note is neither answered nor passed on
        }

        var mailbox = await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == message.MailboxId, cancellationToken);
        var from = await _senders.FindAsync(message, mailbox, cancellationToken);
        if (mode is not (DraftMode.Forward or DraftMode.NoteChange))
        {
            var origin = mode is DraftMode.Reply or DraftMode.ReplyAll ? await requesters.FindOriginAsync(message, cancellationToken) : null;
            return new Answer(message, mailbox, mode, from, []) { Original = origin?.Person };
        }

        return await reader.FindAsync(reach, messageId, cancellationToken) is { Unreadable: null } content
            ? new Answer(message, mailbox, mode, from, [.. content.Parts.Where(part => !part.IsInline)])
            : new Answer(message, mailbox, DraftMode.ForwardAsAttachment, from, []); // what cannot be read can still be passed on whole
    }

    private async Task AddressAsync(EnneoDbContext db, Draft draft, Answer answer, Actor? by, CancellationToken cancellationToken)
    {
        var addressing = ReplyAddressing.For(answer.Message, answer.Mode, answer.Original, answer.Mailbox.OwnAddresses.ToHashSet(StringComparer.Ordinal));
        (draft.AnsweredMessageId, draft.Mode, draft.FromAddress) = (answer.Message.Id, answer.Mode, answer.From);
        (draft.To, draft.Cc) = (addressing.To, addressing.Cc);
        draft.Subject = answer switch
        {
            { Mode: DraftMode.Note or DraftMode.NoteChange } => answer.Message.Subject,
            { Mode: not (DraftMode.Reply or DraftMode.ReplyAll) } => ForwardSubject.For(answer.Message.Subject),
            { Original: not null } => ReplySubject.For(ForwardSubject.Without(answer.Message.Subject)),
            _ => ReplySubject.For(answer.Message.Subject),
        };
        draft.UpdatedAt = clock.GetUtcNow();
        db.Activity.Add(Saved(draft, by));
        await db.SaveChangesAsync(cancellationToken);

        await db.DraftAttachments.Where(a => a.DraftId == draft.Id && a.PartIndex != null).ExecuteDeleteAsync(cancellationToken);
        db.DraftAttachments.AddRange(answer.Files.Select(part => new DraftAttachment
        {
            DraftId = draft.Id,
            Name = AttachmentName.Clean(part.Name),
            ContentType = part.ContentType,
            Size = part.Size,
            PartIndex = part.Index,
        }));
        await db.SaveChangesAsync(cancellationToken);
    }

    private ActivityEntry Saved(Draft draft, Actor? by) => DraftActivity.Of(ActivityKind.DraftSaved, draft, by ?? Actor.User(draft.AuthorId), clock);

    /// <summary>What a draft is to answer or forward.</summary>
    /// <param name="From">Empty for the mailbox's main address.</param>
    /// <param name="Files">What a forward takes along.</param>
    private sealed record Answer(Message Message, Mailbox Mailbox, DraftMode Mode, string From, IReadOnlyList<Messages.MessagePart> Files)
    {
        /// <summary>Who wrote the mail that one of us forwarded: the answer is theirs.</summary>
        public MailAddress? Original { get; init; }
    }
}
