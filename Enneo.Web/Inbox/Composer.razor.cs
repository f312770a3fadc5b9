using System.Data.Common;
using System.Globalization;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>The answer being written.</summary>
public sealed partial class Composer : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly Drafts _drafts;
    private readonly Outbox _outbox;
    private readonly ComposerScript _script;
    private readonly DotNetObjectReference<Composer> _self;
    private ElementReference _root;
    private AddressField? _toField;
    private AddressField? _ccField;
    private IReadOnlyList<MailAddress> _to = [];
    private IReadOnlyList<MailAddress> _cc = [];
    private IReadOnlyList<DraftAttachment> _attachments = [];
    private string? _problem;
    private bool _showsCc;
    private bool _showsQuote;
    private bool _confirming;
    private bool _sending;

    public Composer(Drafts drafts, Outbox outbox, IJSRuntime js, IOptions<SendingOptions> options)
    {
        _drafts = drafts;
        _outbox = outbox;
        _script = new ComposerScript(js, options);
        _self = DotNetObjectReference.Create(this);
    }

    /// <summary>As it was when the composer opened; from then on the browser has the text.</summary>
    [Parameter, EditorRequired]
    public required DraftView Draft { get; set; }

    [Parameter, EditorRequired]
    public long AuthorId { get; set; }

    /// <summary>Whether the cursor goes into the text at once.</summary>
    [Parameter]
    public bool Focus { get; set; }

    [Parameter]
    public EventCallback<OutgoingStatus> Sent { get; set; }

    [Parameter]
    public EventCallback Discarded { get; set; }

    private bool ShowsCc => _showsCc || _cc.Count > 0;

    private string Sender => string.Format(CultureInfo.CurrentCulture, InboxText.FromAddress, Draft.From.Address);

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

    protected override void OnInitialized() => (_to, _cc, _attachments) = (Draft.To, Draft.Cc, Draft.Attachments);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await _script.StartAsync(_root, Draft, Focus, _self);
        }
    }

    private static string RemoveWords(string name) => string.Format(CultureInfo.CurrentCulture, InboxText.RemoveFile, name);

    private Task ChangeToAsync(IReadOnlyList<MailAddress> to)
    {
        _to = to;
        return ReaddressAsync();
    }

    private Task ChangeCcAsync(IReadOnlyList<MailAddress> cc)
    {
        _cc = cc;
        return ReaddressAsync();
    }

    private Task ReaddressAsync()
    {
        _problem = null;
        return _script.AddressAsync(_to, _cc);
    }

    private async Task SendAsync()
    {
        if (_sending)
        {
            return; // the second click of two
        }

        _sending = true;
        await Task.Yield(); // shows the button disabled, as the browser already made it
        try
        {
            _problem = ProblemBeforeSaving();
            if (_problem is null)
            {
                await SaveAndQueueAsync();
            }
        }
        finally
        {
            _sending = false;
        }
    }

    private string? ProblemBeforeSaving()
    {
        if ((_toField?.Unfinished ?? "") + (_ccField?.Unfinished ?? "") is { Length: > 0 } unfinished)
        {
            return string.Format(CultureInfo.CurrentCulture, InboxText.NotAnAddress, unfinished);
        }

        return _to.Count + _cc.Count == 0 ? InboxText.NoRecipient : null;
    }

    private async Task SaveAndQueueAsync()
    {
        await _script.AddressAsync(_to, _cc);
        var saved = await _script.SaveAsync();
        if (saved != "saved")
        {
            _problem = saved switch
            {
                "gone" => InboxText.DraftGone,
                "failed" => InboxText.NotSavedNotSent,
                _ => saved,
            };
            return;
        }

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
