using System.Globalization;
using Enneo.Core.Sending;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>
/// The editor in the browser. It saves by HTTP while somebody types, also when the circuit is gone;
/// the text never goes through the circuit, which ends at 32 KB.
/// </summary>
internal sealed class ComposerScript(IJSRuntime js, IOptions<SendingOptions> options) : IAsyncDisposable
{
    public const string Module = "./js/composer.js";

    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IJSObjectReference? _module;
    private IJSObjectReference? _editor;

    public async Task StartAsync<T>(ElementReference root, DraftView draft, bool focus, DotNetObjectReference<T> owner)
        where T : class
    {
        try
        {
            _module = await js.InvokeAsync<IJSObjectReference>("import", Module);
            _editor = await _module.InvokeAsync<IJSObjectReference>("start", root, Options(draft, focus), owner);
        }
        finally
        {
            _started.TrySetResult();
        }
    }

    /// <summary>Hands over what is not part of the text; it is saved with it.</summary>
    public async Task AddressAsync(MailHead head)
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("address", head.To, head.Cc, head.Bcc, head.From.Address.Address, head.From.MailboxId);
        }
    }

    /// <summary>Saves the last words.</summary>
    /// <returns><c>saved</c>, <c>gone</c> (sent or discarded elsewhere), <c>failed</c>, or in words why the server refuses it.</returns>
    public async Task<string> SaveAsync() => _editor is null ? "failed" : await _editor.InvokeAsync<string>("save") ?? "failed";

    /// <summary>Puts plain text where the cursor is; where the editor is only coming up, once it is there.</summary>
    public async Task InsertAsync(string text)
    {
        await _started.Task;
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("insert", Html(text), text);
        }
    }

    /// <summary>Puts sanitised HTML where the cursor is.</summary>
    /// <param name="text">The same for an editor of plain text.</param>
    public async Task InsertAsync(string html, string text)
    {
        await _started.Task;
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("insert", html, text);
        }
    }

    /// <summary>Plain text as the editor writes it.</summary>
    public static string Html(string text) =>
        string.Concat(text.Split('\n').Select(line => $"<div>{(line.Trim().Length > 0 ? System.Net.WebUtility.HtmlEncode(line.Trim()) : "<br>")}</div>"));

    /// <summary>Forgets the text: it was sent or discarded.</summary>
    public async Task AbandonAsync()
    {
        if (_editor is not null)
        {
            await _editor.InvokeVoidAsync("abandon");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _started.TrySetResult();
        try
        {
            if (_editor is not null)
            {
                await _editor.InvokeVoidAsync("stop");
                await _editor.DisposeAsync();
            }

            if (_module is not null)
            {
                await _module.DisposeAsync();
            }
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException)
        {
            // The browser has gone or goes; it saved when it went.
        }
    }

    private object Options(DraftView draft, bool focus) => new
    {
        address = DraftAddress.Draft(draft.Id),
        attachments = DraftAddress.Attachments(draft.Id),
        pictures = DraftAddress.Pictures(draft.Id),
        maxBytes = options.Value.MaxAttachmentBytes,
        draft.Revision,
        from = draft.From.Address,
        draft.MailboxId,
        draft.To,
        draft.Cc,
        draft.Bcc,
        draft.Subject,
        draft.Html,
        focus,
        words = new
        {
            saved = InboxText.Saved,
            saving = InboxText.Saving,
            notSaved = InboxText.NotSaved,
            gone = InboxText.DraftGone,
            plain = InboxText.PlainOnly,
            tooLarge = string.Format(CultureInfo.CurrentCulture, InboxText.TooLarge, options.Value.MaxAttachmentBytes / 1_000_000),
            picture = InboxText.Picture,
            notAPicture = InboxText.NotAPicture,
            uploadFailed = InboxText.UploadFailed,
            cancel = InboxText.Cancel,
            dismiss = InboxText.Dismiss,
        },
    };
}
