using System.Data.Common;
using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Notes;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>The mail being written.</summary>
public sealed partial class Composer : ComponentBase, IAsyncDisposable
{
    private static readonly (DraftMode Mode, string Words)[] s_modes =
    [
        (DraftMode.Reply, InboxText.Reply),
        (DraftMode.ReplyAll, InboxText.ReplyAll),
        (DraftMode.Forward, InboxText.Forward),
        (DraftMode.ForwardAsAttachment, InboxText.ForwardAsAttachment),
    ];

    private readonly CancellationTokenSource _closed = new();
    private readonly Drafts _drafts;
    private readonly Outbox _outbox;
    private readonly NoteWriting _notes;
    private readonly NoteChanging _changing;
    private readonly ComposerScript _script;
    private readonly DotNetObjectReference<Composer> _self;
    private readonly long _limit;
    private ElementReference _root;
    private ComposerHead? _head;
    private MailHead? _changed;
    private IReadOnlyList<SenderChoice> _senders = [];
    private IReadOnlyList<DraftAttachment> _attachments = [];
    private string? _problem;
    private SendingDoubt? _doubt;
    private bool _showsQuote;
    private bool _confirming;
    private bool _sending;

    public Composer(Drafts drafts, Outbox outbox, NoteWriting notes, NoteChanging changing, IJSRuntime js, IOptions<SendingOptions> options)
    {
        _drafts = drafts;
        _outbox = outbox;
        _notes = notes;
        _changing = changing;
        _script = new ComposerScript(js, options);
        _self = DotNetObjectReference.Create(this);
        _limit = options.Value.MaxAttachmentBytes / 1_000_000;
    }

    /// <summary>As it was when the composer opened; from then on the browser has the text.</summary>
    [Parameter, EditorRequired]
    public required DraftView Draft { get; set; }

    [Parameter, EditorRequired]
    public long AuthorId { get; set; }

    /// <summary>Whether the cursor goes into the text at once, or to the recipients where there are none.</summary>
    [Parameter]
    public bool Focus { get; set; }

    [Parameter]
    public EventCallback<OutgoingStatus> Sent { get; set; }

    /// <summary>The id of the note that it became.</summary>
    [Parameter]
    public EventCallback<long> Noted { get; set; }

    [Parameter]
    public EventCallback Discarded { get; set; }

    /// <summary>The same text shall become another kind of mail; it is saved by then.</summary>
    [Parameter]
    public EventCallback<DraftMode> ModeChanged { get; set; }

    private MailHead Mail => _changed ?? MailHead.Of(Draft);

    private string Label => Called(Draft.Mode);

    private bool IsNote => Draft.Mode.IsNote();

    private string SendWords => (IsNote, _sending) switch
    {
        (true, false) when Draft.Mode is DraftMode.NoteChange => InboxText.ChangeNote,
        (true, true) => InboxText.AddingNote,
        (true, false) => InboxText.AddNote,
        (false, true) => InboxText.Handing,
        _ => InboxText.Send,
    };

    private bool IsSigned => !IsNote && _senders.Any(sender => sender.IsSame(Mail.From) && sender.HasSignature);

    private string Below => Draft.Mode == DraftMode.Forward ? InboxText.ForwardedMessage : InboxText.QuotedText;

    private string Doubt => _doubt == SendingDoubt.NothingAttached ? InboxText.NothingAttached : InboxText.WithoutSubject;

    /// <summary>What something that is being written is called.</summary>
    internal static string Called(DraftMode mode) => mode switch
    {
        DraftMode.New => InboxText.NewMessage,
        DraftMode.Note => InboxText.YourNote,
        DraftMode.NoteChange => InboxText.ChangedNote,
        DraftMode.Forward or DraftMode.ForwardAsAttachment => InboxText.YourForward,
        _ => InboxText.YourAnswer,
    };

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _script.DisposeAsync();
        _self.Dispose();
        _closed.Dispose();
    }

    /// <summary>Called by the browser when a file was attached or removed; what is attached is read from the store.</summary>
    [JSInvokable]
    public async Task AttachmentsChangedAsync()
    {
        _attachments = (await _drafts.FindAsync(Draft.Id, AuthorId, _closed.Token))?.Attachments ?? [];
        StateHasChanged();
    }

    /// <summary>Puts plain text where the cursor is.</summary>
    public Task InsertAsync(string text) => _script.InsertAsync(text);

    /// <summary>Saves all that was written, before something else is shown in its place.</summary>
    /// <returns>False when it could not be saved, which the composer says.</returns>
    public async Task<bool> KeepAsync()
    {
        await (_head?.CommitAsync() ?? Task.CompletedTask);
        _problem = await SaveAsync();
        StateHasChanged();
        return _problem is null;
    }

    protected override async Task OnInitializedAsync()
    {
        _attachments = Draft.Attachments;
        _senders = await _drafts.SendersAsync(Draft, AuthorId, _closed.Token);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _script.StartAsync(_root, Draft, Focus, _self);
        }
    }

    private Task ReaddressAsync(MailHead mail)
    {
        _changed = mail;
        _problem = null;
        return _script.AddressAsync(mail);
    }

    private Task SendAsync() => SendAsync(anyway: false);

    private Task SendAnywayAsync() => SendAsync(anyway: true);

    private async Task SendAsync(bool anyway)
    {
        if (_sending)
        {
            return; // the second click of two
        }

        (_sending, _doubt) = (true, null);
        await Task.Yield(); // shows the button disabled, as the browser already made it
        try
        {
            await (_head?.CommitAsync() ?? Task.CompletedTask);
            _problem = ProblemBeforeSaving() ?? await SaveAsync();
            if (_problem is null && (anyway || !await IsDoubtfulAsync()))
            {
                await QueueAsync();
            }
        }
        finally
        {
            _sending = false;
        }
    }

    private string? ProblemBeforeSaving() => _head?.Unfinished is { Length: > 0 } unfinished
        ? string.Format(CultureInfo.CurrentCulture, InboxText.NotAnAddress, unfinished)
        : Mail.HasNobody ? InboxText.NoRecipient : null;

    /// <returns>Why not, in words; null when the last words are saved.</returns>
    private async Task<string?> SaveAsync()
    {
        await _script.AddressAsync(Mail);
        return await _script.SaveAsync() switch
        {
            "saved" => null,
            "gone" => InboxText.DraftGone,
            "failed" => InboxText.NotSavedNotSent,
            var refusal => refusal,
        };
    }

    private async Task<bool> IsDoubtfulAsync()
    {
        _doubt = await _drafts.FindAsync(Draft.Id, AuthorId, _closed.Token) is { } saved ? SendingDoubts.Of(saved) : null;
        return _doubt is not null;
    }

    private async Task QueueAsync()
    {
        try
        {
            var result = await _outbox.SendAsync(Draft.Id, AuthorId, _closed.Token);
            _problem = result.Problem;
            if (result.Outgoing is { } outgoing)
            {
                await _script.AbandonAsync();
                await Sent.InvokeAsync(outgoing);
            }
        }
        catch (DbException)
        {
            _problem = InboxText.NotQueued;
        }
    }

    /// <summary>Keeps it for the others; nothing leaves.</summary>
    private async Task NoteAsync()
    {
        if (_sending)
        {
            return; // the second click of two
        }

        _sending = true;
        await Task.Yield();
        try
        {
            _problem = await SaveAsync();
            if (_problem is null)
            {
                await AddNoteAsync();
            }
        }
        finally
        {
            _sending = false;
        }
    }

    private async Task AddNoteAsync()
    {
        if (await _drafts.FindAsync(Draft.Id, AuthorId, _closed.Token) is { Html: "", Attachments.Count: 0 })
        {
            _problem = InboxText.EmptyNote;
        }
        else if (await KeepNoteAsync() is { } messageId)
        {
            await _script.AbandonAsync();
            await Noted.InvokeAsync(messageId);
        }
        else
        {
            _problem = InboxText.DraftGone;
        }
    }

    private Task<long?> KeepNoteAsync() => Draft.Mode is DraftMode.NoteChange
        ? _changing.FinishAsync(Draft.Id, Actor.User(AuthorId), "web", _closed.Token)
        : _notes.AddDraftAsync(Draft.Id, Actor.User(AuthorId), "web", _closed.Token);

    private async Task ChangeModeAsync(ChangeEventArgs change)
    {
        if (Enum.TryParse<DraftMode>(change.Value as string, out var mode) && mode != Draft.Mode && !_sending)
        {
            _problem = await SaveAsync();
            if (_problem is null)
            {
                await ModeChanged.InvokeAsync(mode);
            }
        }
    }

    private async Task DiscardAsync()
    {
        if (_sending)
        {
            return;
        }

        _confirming = false;
        await _script.AbandonAsync();
        await _drafts.DiscardAsync(Draft.Id, AuthorId, _closed.Token);
        await Discarded.InvokeAsync();
    }
}
