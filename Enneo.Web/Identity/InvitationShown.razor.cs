using System.Globalization;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Sending;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Identity;

/// <summary>A link that was just made: shown this once, and whether a mail takes it along.</summary>
public sealed partial class InvitationShown(IJSRuntime js) : ComponentBase
{
    private const string Module = "./js/copy.js";

    private ElementReference _button;

    [Parameter, EditorRequired]
    public required string Address { get; set; }

    [Parameter, EditorRequired]
    public required InvitationLink Link { get; set; }

    [Parameter]
    public OwnMailResult? Mail { get; set; }

    [Parameter, EditorRequired]
    public required BrowserTime Time { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
            await module.InvokeVoidAsync("watch", _button);
        }
    }

    private static string Words(string format, params ReadOnlySpan<object?> values) => string.Format(CultureInfo.CurrentCulture, format, values);
}
