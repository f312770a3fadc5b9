using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Inbox;

/// <summary>
/// The inbox's part in the browser: keys, scrolling, the size of mail frames, what is in view. It
/// presses the buttons that stand on the page; it calls nothing here. One per circuit.
/// </summary>
public sealed class InboxScript(IJSRuntime js) : IAsyncDisposable
{
    public const string Module = "./js/inbox.js";

    private readonly CancellationTokenSource _closed = new();
    private Task<IJSObjectReference>? _module;

    /// <summary>Begins to watch the page.</summary>
    public Task StartAsync(ElementReference root) => CallAsync<bool>("start", root);

    /// <summary>Whether rows may change their place: the list is at its top and nobody points at it.</summary>
    public Task<bool> MayMoveAsync(ElementReference rows) => CallAsync<bool>("mayMove", rows);

    /// <summary>Brings the marked element within <paramref name="scroller"/> into view.</summary>
    public Task RevealAsync(ElementReference scroller) => CallAsync<bool>("reveal", scroller);

    public Task ScrollToTopAsync(ElementReference scroller) => CallAsync<bool>("scrollToTop", scroller);

    /// <summary>Opens a dialog over everything else; Escape presses its <c>data-cancel</c>.</summary>
    public Task ShowModalAsync(ElementReference dialog) => CallAsync<bool>("showModal", dialog);

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        if (_module is { IsCompletedSuccessfully: true })
        {
            try
            {
                var module = await _module;
                await module.InvokeVoidAsync("stop");
                await module.DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The browser has gone, and what ran in it.
            }
        }

        _closed.Dispose();
    }

    private async Task<T?> CallAsync<T>(string function, ElementReference element)
    {
        try
        {
            _module ??= js.InvokeAsync<IJSObjectReference>("import", _closed.Token, Module).AsTask();
            var module = await _module;
            return await module.InvokeAsync<T>(function, _closed.Token, element);
        }
        catch (Exception exception) when (exception is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            return default; // nobody looks any more
        }
    }
}
