using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Webhooks;

/// <summary>The secret of a webhook, shown this once.</summary>
public sealed partial class WebhookSecret(IJSRuntime js) : ComponentBase
{
    private const string Module = "./js/copy.js";

    private ElementReference _title;
    private ElementReference _copy;

    [Parameter, EditorRequired]
    public required string Secret { get; set; }

    /// <summary>What it is for; null for a webhook's.</summary>
    [Parameter]
    public string? Text { get; set; }

    [Parameter]
    public EventCallback OnKept { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            try
            {
                await _title.FocusAsync();
                await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
                await module.InvokeVoidAsync("watch", _copy);
            }
            catch (JSException)
            {
                // It was kept before the browser came to that: there is nothing to copy any more.
            }
        }
    }
}
