using Enneo.Core.Activity;
using Enneo.Core.Notes;
using Enneo.Core.Sending;

namespace Enneo.Web.Inbox;

/// <summary>What is written beside a conversation, an answer and notes, of which one is shown; and what its author is told about it.</summary>
internal sealed class ThreadAnswer(Drafts drafts, Outbox outbox, NoteChanging changing, long authorId, CancellationToken closed)
{
    private bool _busy;

    /// <summary>All that its author has begun, in the order in which it was begun.</summary>
    public IReadOnlyList<DraftView> Open { get; private set; } = [];

    /// <summary>The one that is shown; null while none is.</summary>
    public DraftView? Draft { get; private set; }

    /// <summary>What became of it, in words.</summary>
    public string? Note { get; private set; }

    /// <summary>Whether its author goes on typing in it at once.</summary>
    public bool TakesFocus { get; private set; }

    /// <summary>Whether mail to somebody is among it.</summary>
    public bool WritesMail => Open.Any(draft => !draft.Mode.IsNote());

    /// <summary>Whether a new note is among it.</summary>
    public bool WritesNote => Open.Any(draft => draft.Mode is DraftMode.Note);

    /// <summary>Another conversation is opened.</summary>
    public void Forget() => (Draft, Open, Note, TakesFocus) = (null, [], null, false);

    /// <summary>Goes on with what its author touched last.</summary>
    public async Task ResumeAsync(long ticketId)
    {
        var begun = await drafts.ListForTicketAsync(ticketId, authorId, closed);
        (Draft, Open) = (begun.Count > 0 ? begun[0] : null, InOrder(begun));
    }

    /// <summary>Shows another of what is begun, as it was saved.</summary>
    public Task SwitchAsync(long draftId) => StartAsync(() => drafts.FindAsync(draftId, authorId, closed));

    public Task StartAsync(long messageId, DraftMode mode) => StartAsync(() => StartAnewAsync(messageId, mode));

    /// <summary>An answer that begins with a text, which its author goes on with.</summary>
    public Task StartWithAsync(long messageId, string text) => StartAsync(async () =>
        await StartAnewAsync(messageId, DraftMode.Reply) is { } draft
            ? await drafts.SaveAsync(
                draft.Id, new DraftSave(draft.Revision + 1, draft.To, draft.Cc, draft.Bcc, draft.Subject, ComposerScript.Html(text) + draft.Html), authorId, closed) ?? draft
            : null);

    /// <summary>A note for the others.</summary>
    public Task StartNoteAsync(long messageId) => StartAsync(() => drafts.StartNoteAsync(messageId, authorId, closed));

    /// <summary>What a note shall say instead.</summary>
    public Task StartChangeAsync(long noteId) => StartAsync(() => changing.StartAsync(noteId, Actor.User(authorId), closed));

    public async Task ChangeModeAsync(DraftMode mode)
    {
        if (Draft is { AnsweredMessageId: { } messageId })
        {
            TakesFocus = true;
            Show(await StartAnewAsync(messageId, mode));
        }
    }

    /// <summary>What its author sent or discarded in another window is not offered here once more.</summary>
    public async Task LetGoAsync()
    {
        if (Draft is { Id: var id } && await drafts.FindAsync(id, authorId, closed) is null && Draft?.Id == id)
        {
            LetGo(InboxText.DraftGone);
        }
    }

    public void Sent() => LetGo(null);

    public void Discarded() => LetGo(InboxText.Discarded);

    /// <summary>Shows a mail that is a draft again.</summary>
    public void Show(DraftView? draft)
    {
        Draft = draft;
        Open = draft is null ? Open : InOrder(Open.Where(other => other.Id != draft.Id).Append(draft));
    }

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

    /// <summary>What was shown before is saved by then.</summary>
    private async Task StartAsync(Func<Task<DraftView?>> start)
    {
        if (_busy)
        {
            return;
        }

        (_busy, TakesFocus, Note) = (true, true, null);
        try
        {
            Show(await start() ?? Draft);
        }
        finally
        {
            _busy = false;
        }
    }

    /// <summary>What else is begun stays on its tab.</summary>
    private void LetGo(string? note)
    {
        var left = Open.Where(draft => draft.Id != Draft?.Id).ToList();
        (Draft, Open, Note, TakesFocus) = (null, left, note, false);
    }

    private static List<DraftView> InOrder(IEnumerable<DraftView> begun) => [.. begun.OrderBy(draft => draft.Id)];

    private async Task<DraftView?> FindAsync(long? draftId) => draftId is { } id ? await drafts.FindAsync(id, authorId, closed) : null;

    private Task<DraftView?> StartAnewAsync(long messageId, DraftMode mode) => mode is DraftMode.Forward or DraftMode.ForwardAsAttachment
        ? drafts.StartForwardAsync(messageId, mode is DraftMode.ForwardAsAttachment, authorId, closed)
        : drafts.StartReplyAsync(messageId, mode, authorId, closed);
}
