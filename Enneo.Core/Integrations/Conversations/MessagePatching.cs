using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>
/// Changes what may change of a conversation: notes, the caller's drafts, and how mail is on its way that another system
/// carries out. A draft has the negative of its own number, since it is no message yet.
/// </summary>
public sealed class MessagePatching(IDbContextFactory<EnneoDbContext> dbFactory, NoteWriting notes, NoteChanging changing, AttachmentFetching fetching, Drafts drafts, Outbox outbox)
{
    public Task<PatchedMessage> RunAsync(Reach reach, long ticketId, long messageId, MessagePatch patch, Actor actor, string origin, CancellationToken cancellationToken) =>
        messageId < 0
            ? DraftAsync(reach, ticketId, -messageId, patch, actor, origin, cancellationToken)
            : MessageAsync(reach, ticketId, messageId, patch, actor, origin, cancellationToken);

    private async Task<PatchedMessage> MessageAsync(Reach reach, long ticketId, long messageId, MessagePatch patch, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.TicketId == ticketId, cancellationToken) is not { } message)
        {
            return new PatchedMessage(MessagePatchOutcome.NotFound);
        }

        if (message.Direction is MessageDirection.Internal && patch.IsSent is null && (patch.Html is not null || patch.ChangesFiles))
        {
            return await NoteAsync(messageId, patch, actor, origin, cancellationToken);
        }

        return patch is { IsSent: { } isSent, Html: null, ChangesFiles: false } && await outbox.ReportAsync(messageId, isSent, patch.ServerText, actor, origin, cancellationToken)
            ? new PatchedMessage(MessagePatchOutcome.Done, messageId)
            : new PatchedMessage(MessagePatchOutcome.Settled, messageId);
    }

    private async Task<PatchedMessage> NoteAsync(long noteId, MessagePatch patch, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var files = await fetching.RunAsync(patch.Files, cancellationToken);
        if (files.Errors.Count > 0)
        {
            return new PatchedMessage(MessagePatchOutcome.Refused, Problem: string.Join(' ', files.Errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")));
        }

        NoteEdit edit = new(patch.Html, [.. files.Files.Select(file => new NoteFile(file.Name, file.ContentType, file.Bytes))]) { Removed = patch.Removed };
        return new PatchedMessage(await changing.EditAsync(noteId, edit, actor, origin, cancellationToken) ? MessagePatchOutcome.Done : MessagePatchOutcome.NotYours, noteId);
    }

    private async Task<PatchedMessage> DraftAsync(Reach reach, long ticketId, long draftId, MessagePatch patch, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await drafts.FindAsync(draftId, actor.UserId ?? 0, cancellationToken) is not { } draft || draft.TicketId != ticketId || !reach.Covers(draft.MailboxId))
        {
            return new PatchedMessage(MessagePatchOutcome.NotFound);
        }

        if (patch.IsSent is not null || patch.ChangesFiles)
        {
            return new PatchedMessage(MessagePatchOutcome.Settled);
        }

        try
        {
            var saved = await drafts.ChangeAsync(
                draftId,
                now => new DraftSave(now.Revision, patch.To ?? now.To, patch.Cc ?? now.Cc, patch.Bcc ?? now.Bcc, patch.Subject ?? now.Subject, patch.Html ?? now.Html),
                actor.UserId ?? 0,
                cancellationToken);
            if (saved is null)
            {
                return new PatchedMessage(MessagePatchOutcome.NotFound);
            }
        }
        catch (ValidationException exception)
        {
            return new PatchedMessage(MessagePatchOutcome.Refused, Problem: string.Join(' ', exception.Errors.Select(error => error.ErrorMessage)));
        }

        return patch.IsPublished ? await PublishAsync(draft, actor, origin, cancellationToken) : new PatchedMessage(MessagePatchOutcome.Done, -draftId);
    }

    private async Task<PatchedMessage> PublishAsync(DraftView draft, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (draft.Mode.IsNote())
        {
            var added = draft.Mode is DraftMode.NoteChange
                ? await changing.FinishAsync(draft.Id, actor, origin, cancellationToken)
                : await notes.AddDraftAsync(draft.Id, actor, origin, cancellationToken);
            return added is { } noteId
                ? new PatchedMessage(MessagePatchOutcome.Done, noteId)
                : new PatchedMessage(MessagePatchOutcome.NotFound);
        }

        var sent = await outbox.SendAsync(draft.Id, actor, TimeSpan.Zero, cancellationToken);
        return sent.Outgoing is { } outgoing
            ? new PatchedMessage(MessagePatchOutcome.Done, outgoing.MessageId)
            : new PatchedMessage(MessagePatchOutcome.Refused, Problem: sent.Problem);
    }
}
