using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sending;

/// <summary>
/// Answers, forwards and writes in place of a person at the composer, by the same way: a draft of its own, then the
/// outbox, without time to undo. What cannot be sent leaves nothing behind.
/// </summary>
public sealed class ProgramSending(IDbContextFactory<EnneoDbContext> dbFactory, Drafts drafts, Outbox outbox)
{
    /// <summary>Answers the newest mail that somebody wrote to us, or else our own last one.</summary>
    public Task<ProgramMailResult> ReplyAsync(Reach reach, long ticketId, ProgramMail mail, Actor actor, CancellationToken cancellationToken) =>
        OfTicketAsync(reach, ticketId, DraftMode.Reply, mail, actor, cancellationToken);

    /// <summary>Begins a note, which its author finds among their drafts.</summary>
    public Task<ProgramMailResult> NoteAsync(Reach reach, long ticketId, ProgramMail note, Actor actor, CancellationToken cancellationToken) =>
        OfTicketAsync(reach, ticketId, DraftMode.Note, note with { IsDraft = true }, actor, cancellationToken);

    /// <summary>Passes that mail on, with its files.</summary>
    public Task<ProgramMailResult> ForwardAsync(Reach reach, long ticketId, ProgramMail mail, Actor actor, CancellationToken cancellationToken) =>
        OfTicketAsync(reach, ticketId, DraftMode.Forward, mail, actor, cancellationToken);

    /// <summary>Writes to somebody; a ticket opens with it.</summary>
    public async Task<ProgramMailResult> WriteAsync(Reach reach, long mailboxId, ProgramMail mail, Actor actor, CancellationToken cancellationToken) =>
        reach.Covers(mailboxId)
            ? await FinishAsync(await drafts.StartApartAsync(null, DraftMode.New, mailboxId, actor, cancellationToken), mail, actor, cancellationToken)
            : ProgramMailResult.Missing;

    private async Task<ProgramMailResult> OfTicketAsync(
        Reach reach, long ticketId, DraftMode mode, ProgramMail mail, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await AnsweredAsync(reach.Of(db.Messages.AsNoTracking()).Where(m => m.TicketId == ticketId), cancellationToken) is not { } answered ? ProgramMailResult.Missing
            : mail.MailboxId is { } mailboxId && mailboxId != answered.MailboxId ? ProgramMailResult.Refused(SendingText.OtherMailbox)
            : await FinishAsync(await drafts.StartApartAsync(answered.Id, mode, null, actor, cancellationToken), mail, actor, cancellationToken);
    }

    /// <returns>Which of a ticket's messages is answered; null where it has none but notes.</returns>
    internal static Task<Message?> AnsweredAsync(IQueryable<Message> ofTicket, CancellationToken cancellationToken) => ofTicket
        .Where(m => m.Direction != MessageDirection.Internal)
        .OrderByDescending(m => m.Direction == MessageDirection.In && m.Automatic != AutomaticKind.Bounce && m.Automatic != AutomaticKind.AutoReply)
        .ThenByDescending(m => m.ReceivedAt).ThenByDescending(m => m.Id)
        .FirstOrDefaultAsync(cancellationToken);

    private async Task<ProgramMailResult> FinishAsync(DraftView? draft, ProgramMail mail, Actor actor, CancellationToken cancellationToken)
    {
        if (draft is null)
        {
            return ProgramMailResult.Missing;
        }

        ProgramMailResult? result = null;
        try
        {
            result = await FillAsync(draft, mail, actor, cancellationToken);
        }
        catch (ValidationException exception)
        {
            result = ProgramMailResult.Refused(string.Join(' ', exception.Errors.Select(error => error.ErrorMessage)));
        }
        catch (AttachmentTooLargeException exception)
        {
            result = ProgramMailResult.Refused(exception.Message);
        }
        finally
        {
            if (result is null or { Problem: not null })
            {
                await drafts.DiscardAsync(draft.Id, actor, CancellationToken.None); // also where the caller has gone
            }
        }

        return result;
    }

    private async Task<ProgramMailResult> FillAsync(DraftView draft, ProgramMail mail, Actor actor, CancellationToken cancellationToken)
    {
        DraftSave save = new(draft.Revision + 1, mail.To ?? draft.To, mail.Cc ?? draft.Cc, mail.Bcc ?? draft.Bcc, mail.Subject ?? draft.Subject, mail.Html);
        await drafts.SaveAsync(draft.Id, save, actor.UserId ?? 0, cancellationToken);
        foreach (var file in mail.Files)
        {
            using MemoryStream content = new(file.Bytes, writable: false);
            await drafts.AttachAsync(draft.Id, file.Name, file.ContentType, content, actor.UserId ?? 0, cancellationToken);
        }

        if (mail.IsDraft)
        {
            return new ProgramMailResult(null, draft.Id, null);
        }

        var sent = await outbox.SendAsync(draft.Id, actor, TimeSpan.Zero, cancellationToken, mail.Alongside);
        return sent.Outgoing is { } outgoing ? new ProgramMailResult(outgoing, null, null) : ProgramMailResult.Refused(sent.Problem ?? SendingText.DraftGone);
    }
}
