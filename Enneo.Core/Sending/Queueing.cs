using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Contacts;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Spam;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

/// <summary>Makes a draft a mail that is to leave: composed, stored, and then in one transaction a message of its ticket and a row of the outbox.</summary>
internal sealed class Queueing(
    IDbContextFactory<EnneoDbContext> dbFactory,
    WriterLane lane,
    MessageStore store,
    MailComposer composer,
    TicketOpening opening,
    SpamDecisions spam,
    MessageParser parser,
    TimeProvider clock,
    IOptions<SendingOptions> options)
{
    private static readonly DraftSaveValidator s_validator = new();

    /// <param name="undoTime">Null for that of the settings.</param>
    /// <param name="alongside">See <see cref="ProgramMail.Alongside"/>.</param>
    public async Task<SendResult> RunAsync(
        long draftId, Actor actor, TimeSpan? undoTime, CancellationToken cancellationToken, Func<EnneoDbContext, OutgoingMessage, CancellationToken, Task>? alongside = null)
    {
        long? opened = null;
        while (true)
        {
            var (existing, read) = await ReadAsync(draftId, actor.UserId ?? 0, cancellationToken);
            if (existing is not null || read is null)
            {
                return new SendResult(existing, existing is null ? SendingText.DraftGone : null);
            }

            if (await ProblemAsync(read, cancellationToken) is { } problem)
            {
                return new SendResult(null, problem);
            }

            var ticketId = read.Draft.TicketId ?? (opened ??= await opening.ReserveIdAsync(read.Draft.MailboxId, cancellationToken));
            ComposedMail mail;
            try
            {
                mail = await composer.ComposeAsync(read, ticketId, cancellationToken);
            }
            catch (FileNotFoundException)
            {
                return new SendResult(null, SendingText.AttachmentMissing);
            }
            catch (OriginalMissingException)
            {
                return new SendResult(null, SendingText.OriginalMissing);
            }

            var source = (await store.AppendAsync([mail.Source], cancellationToken))[0];
            var parsed = parser.Parse(mail.Source);
            var outgoing = await lane.RunAsync(
                async (db, token) =>
                {
                    var (queued, isNew) = await QueueAsync(db, read, ticketId, mail, source, parsed, actor, undoTime ?? options.Value.UndoTime, token);
                    if (isNew && alongside is not null)
                    {
                        await alongside(db, queued!, token);
                    }

                    return queued;
                },
                cancellationToken);
            if (outgoing is not null)
            {
                return new SendResult(OutgoingStatus.Of(outgoing), null);
            }
        }
    }

    private async Task<(OutgoingStatus? Existing, DraftToSend? Read)> ReadAsync(long draftId, long authorId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var reach = await Reaches.OfAsync(db, authorId, cancellationToken);
        var outgoing = await reach.Of(db.Outbox.AsNoTracking()).SingleOrDefaultAsync(o => o.DraftId == draftId && o.AuthorId == authorId, cancellationToken);
        if (outgoing is not null)
        {
            return (OutgoingStatus.Of(outgoing), null);
        }

        var draft = await reach.Of(db.Drafts.AsNoTracking()).SingleOrDefaultAsync(d => d.Id == draftId && d.AuthorId == authorId && !DraftModes.OfNotes.Contains(d.Mode), cancellationToken);
        var answered = draft is null ? null : await db.Messages.AsNoTracking().SingleOrDefaultAsync(m => m.Id == draft.AnsweredMessageId, cancellationToken);
        if (draft is null || (answered is null && draft.AnsweredMessageId is not null))
        {
            return (null, null);
        }

        return (null, new DraftToSend(
            draft,
            await db.DraftAttachments.AsNoTracking().Where(a => a.DraftId == draftId).OrderBy(a => a.Id).ToListAsync(cancellationToken),
            answered,
            await db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == draft.MailboxId, cancellationToken),
            await db.Users.Where(u => u.Id == authorId).Select(u => u.DisplayName).SingleOrDefaultAsync(cancellationToken) ?? ""));
    }

    private async Task<string?> ProblemAsync(DraftToSend read, CancellationToken cancellationToken)
    {
        var draft = read.Draft;
        if (draft.To.Count + draft.Cc.Count + draft.Bcc.Count == 0)
        {
            return SendingText.NoRecipient;
        }

        if (draft.FromAddress.Length > 0 && Sender.Find(read.Mailbox, draft.FromAddress) is null)
        {
            return string.Format(CultureInfo.CurrentCulture, SendingText.NotASender, draft.FromAddress);
        }

        if (read.Mailbox.IsShadow)
        {
            return string.Format(CultureInfo.CurrentCulture, SendingText.MailboxInShadow, read.Mailbox.Name);
        }

        if (!read.Mailbox.Enabled)
        {
            return string.Format(CultureInfo.CurrentCulture, SendingText.MailboxPaused, read.Mailbox.Name);
        }

        var whole = draft.Mode is DraftMode.ForwardAsAttachment ? read.Answered?.Size ?? 0 : 0;
        if (read.Attachments.Sum(a => a.Size) + whole > options.Value.MaxAttachmentBytes)
        {
            return new AttachmentTooLargeException(options.Value.MaxAttachmentBytes).Message;
        }

        var validated = await s_validator.ValidateAsync(
            new DraftSave(draft.Revision, draft.To, draft.Cc, draft.Bcc, draft.Subject, draft.Html), cancellationToken);
        return validated.IsValid ? null : validated.Errors[0].ErrorMessage;
    }

    /// <returns>What was queued, now or by another click; null when the draft has changed since it was read, or is gone.</returns>
    private async Task<(OutgoingMessage? Queued, bool IsNew)> QueueAsync(
        EnneoDbContext db, DraftToSend read, long ticketId, ComposedMail mail, StoredSource source, ParsedMessage parsed, Actor actor, TimeSpan undoTime, CancellationToken cancellationToken)
    {
        var draft = await db.Drafts.SingleOrDefaultAsync(d => d.Id == read.Draft.Id, cancellationToken);
        var earlier = await db.Outbox.AsNoTracking().SingleOrDefaultAsync(o => o.DraftId == read.Draft.Id, cancellationToken);
        if (earlier is not null || draft is null || await HasChangedAsync(db, draft, read, cancellationToken))
        {
            return (earlier, false);
        }

        if (draft.TicketId is null)
        {
            await opening.OpenAsync(db, ticketId, draft.MailboxId, parsed.Subject, actor, SendingOrigin.Of(actor), cancellationToken);
        }

        db.Sources.Add(source);
        await db.SaveChangesAsync(cancellationToken);
        var message = MessageOf(draft, ticketId, mail, source, parsed);
        db.Messages.Add(message);
        await db.SaveChangesAsync(cancellationToken);
        var outgoing = OutgoingOf(draft, message, mail, undoTime);
        db.Outbox.Add(outgoing);
        await db.SaveChangesAsync(cancellationToken);

        draft.OutgoingMessageId = outgoing.Id;
        await spam.AnswerAsync(db, ticketId, actor, SendingOrigin.Of(actor), cancellationToken);
        using (ThreadIndex index = new(db, draft.MailboxId))
        using (TicketSummaries summaries = new(db))
        using (ContactIndex contacts = new(db, draft.MailboxId, read.Mailbox.OwnAddresses.ToHashSet(StringComparer.Ordinal)))
        using (SearchWriter search = new(db))
        {
            index.Add(ticketId, message.Id, parsed, message.ThreadRule); // an answer to it finds the ticket, whoever of its readers writes it
            summaries.Refresh(ticketId);
            contacts.AddSent(outgoing.Recipients, clock.GetUtcNow());
            search.Add(SearchDocument.Of(message, parsed));
        }

        db.Activity.Add(OutgoingActivity.Queued(outgoing, draft.Mode, actor, clock));
        await db.SaveChangesAsync(cancellationToken);
        return (outgoing, true);
    }

    private static async Task<bool> HasChangedAsync(EnneoDbContext db, Draft draft, DraftToSend read, CancellationToken cancellationToken)
    {
        var attachments = await db.DraftAttachments.Where(a => a.DraftId == draft.Id).OrderBy(a => a.Id).Select(a => a.Id).ToListAsync(cancellationToken);
        return (draft.Revision, draft.UpdatedAt, draft.AnsweredMessageId, draft.TicketId, draft.MailboxId)
                != (read.Draft.Revision, read.Draft.UpdatedAt, read.Draft.AnsweredMessageId, read.Draft.TicketId, read.Draft.MailboxId)
            || !attachments.SequenceEqual(read.Attachments.Select(a => a.Id));
    }

    private Message MessageOf(Draft draft, long ticketId, ComposedMail mail, StoredSource source, ParsedMessage parsed) => new()
    {
        MailboxId = draft.MailboxId,
        TicketId = ticketId,
        SourceId = source.Id,
        Sha256 = source.Sha256,
        Direction = MessageDirection.Out,
        InternetMessageId = mail.InternetMessageId,
        InReplyTo = parsed.InReplyTo,
        Subject = parsed.Subject,
        FromName = parsed.FromName,
        FromAddress = parsed.FromAddress,
        To = draft.To,
        Cc = draft.Cc,
        Bcc = draft.Bcc,
        SentAt = parsed.SentAt,
        ReceivedAt = clock.GetUtcNow(),
        IsSeen = true,
        HasAttachments = parsed.HasAttachments,
        Snippet = mail.Snippet,
        Size = mail.Source.Length,
        ThreadRule = ThreadRule.WrittenHere,
    };

    private OutgoingMessage OutgoingOf(Draft draft, Message message, ComposedMail mail, TimeSpan undoTime) => new()
    {
        MailboxId = draft.MailboxId,
        TicketId = message.TicketId,
        MessageId = message.Id,
        DraftId = draft.Id,
        InternetMessageId = mail.InternetMessageId,
        AuthorId = draft.AuthorId,
        Recipients = [.. draft.To.Concat(draft.Cc).Concat(draft.Bcc).DistinctBy(recipient => recipient.Address, StringComparer.OrdinalIgnoreCase)],
        CreatedAt = clock.GetUtcNow(),
        NextAttemptAt = clock.GetUtcNow() + undoTime,
    };
}
