using System.Globalization;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Enneo.Web.Microsoft365;

/// <summary>What to do when Microsoft asks for an administrator: a link for them, and the mail that brings it.</summary>
public sealed partial class ApprovalHelp(IJSRuntime script) : ComponentBase
{
    private ElementReference _link;
    private ElementReference _mail;

    /// <summary>Null while Microsoft 365 is not set up.</summary>
    [Parameter, EditorRequired]
    public required string? Link { get; set; }

    /// <summary>The mailbox that somebody wants to connect; empty for none yet.</summary>
    [Parameter]
    public string Address { get; set; } = "";

    private string Mail => string.Format(CultureInfo.CurrentCulture, ConnectText.Mail, Address.Trim().Length > 0 ? Address.Trim() : ConnectText.OurMailboxes, Link);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && Link is not null)
        {
            await CopyButtons.WatchAsync(script, _link, _mail);
        }
    }
}
