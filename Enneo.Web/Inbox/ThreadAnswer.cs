using Enneo.Core.Sending;

namespace Enneo.Web.Inbox;

/// <summary>The answer that is written beside a conversation, and what its author is told about it.</summary>
internal sealed class ThreadAnswer(Drafts drafts, Outbox outbox, long authorId, CancellationToken closed)
{
    private bool _busy;

    /// <summary>Null while none is written.</summary>
    public DraftView? Draft { get; private set; }

    /// <summary>What became of it, in words.</summary>
    public string? Note { get; private set; }

    /// <summary>Whether its author goes on typing in it at once.</summary>
    public bool TakesFocus { get; private set; }

    /// <summary>Another conversation is opened.</summary>
    public void Forget() => (Draft, Note, TakesFocus) = (null, null, false);

    /// <summary>Goes on with what its author began earlier.</summary>
    public async Task ResumeAsync(long ticketId) => Draft = await drafts.FindForTicketAsync(ticketId, authorId, closed);

    /// <summary>Unless one is being written.</summary>
    public Task StartAsync(long messageId, DraftMode mode) => StartAsync(() => StartAnewAsync(messageId, mode));

    /// <summary>An answer that begins with a text, which its author goes on with.</summary>
    public Task StartWithAsync(long messageId, string text) => StartAsync(async () =>
        await StartAnewAsync(messageId, DraftMode.Reply) is { } draft
            ? await drafts.SaveAsync(
                draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, ComposerScript.Html(text) + draft.Html), authorId, closed) ?? draft
            : null);

    /// <summary>A note for the others, unless something is being written.</summary>
    public Task StartNoteAsync(long messageId) => StartAsync(() => drafts.StartNoteAsync(messageId, authorId, closed));

    public async Task ChangeModeAsync(DraftMode mode)
    {
        if (Draft is { AnsweredMessageId: { } messageId })
        {
            TakesFocus = true;
            Draft = await StartAnewAsync(messageId, mode);
        }
    }

    /// <summary>What its author sent or discarded in another window is not offered here once more.</summary>
    public async Task LetGoAsync()
    {
        if (Draft is { Id: var id } && await drafts.FindAsync(id, authorId, closed) is null && Draft?.Id == id)
        {
            (Draft, Note) = (null, InboxText.DraftGone);
        }
    }

    public void Sent() => (Draft, Note) = (null, null);

    public void Discarded() => (Draft, Note) = (null, InboxText.Discarded);

    /// <summary>Shows a mail that is a draft again.</summary>
    public void Show(DraftView? draft) => Draft = draft;

    /// <returns>The draft that it is again; null when it was too late.</returns>
    public async Task<DraftView?> TakeBackAsync(OutgoingStatus outgoing)
    {
        TakesFocus = true;
        Note = await outbox.UndoAsync(outgoing.Id, authorId, closed) ? null : InboxText.UndoTooLate;
        return Note is null ? await FindAsync(outgoing.DraftId) : null;
    }

    /// <returns>The draft of a mail that was refused; null when its author edits it elsewhere.</returns>
    public async Task<DraftView?> EditAsync(OutgoingStatus outgoing)
    {
        TakesFocus = true;
        var draftId = await outbox.EditRejectedAsync(outgoing.Id, authorId, closed);
        Note = draftId is null ? InboxText.EditedElsewhere : null;
        return await FindAsync(draftId);
    }

    private async Task StartAsync(Func<Task<DraftView?>> start)
    {
        if (Draft is not null || _busy)
        {
            return;
        }

        (_busy, TakesFocus, Note) = (true, true, null);
        try
        {
            Draft = await start();
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task<DraftView?> FindAsync(long? draftId) => draftId is { } id ? await drafts.FindAsync(id, authorId, closed) : null;

    private Task<DraftView?> StartAnewAsync(long messageId, DraftMode mode) => mode is DraftMode.Forward or DraftMode.ForwardAsAttachment
        ? drafts.StartForwardAsync(messageId, mode is DraftMode.ForwardAsAttachment, authorId, closed)
        : drafts.StartReplyAsync(messageId, mode, authorId, closed);
}
