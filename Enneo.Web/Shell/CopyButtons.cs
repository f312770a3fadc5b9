using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Shell;

/// <summary>Buttons that put their <c>data-copy</c> on the clipboard.</summary>
internal static class CopyButtons
{
    private const string Module = "./js/copy.js";

    public static async Task WatchAsync(IJSRuntime script, params IReadOnlyList<ElementReference> buttons)
    {
        try
        {
            await using var module = await script.InvokeAsync<IJSObjectReference?>("import", Module);
            foreach (var button in buttons)
            {
                await (module?.InvokeVoidAsync("watch", button) ?? ValueTask.CompletedTask);
            }
        }
        catch (JSDisconnectedException)
        {
            // Nobody looks any more.
        }
    }
}
