using Enneo.Core.Spam;
using Enneo.Web.Inbox;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Spam;

/// <summary>Asks a sender to send no more; where nothing vouches for the sender, it asks the person first.</summary>
public sealed partial class UnsubscribeButton(InboxActions actions) : ComponentBase
{
    private bool _asks;
    private bool _busy;

    [Parameter, EditorRequired]
    public required long TicketId { get; set; }

    [Parameter, EditorRequired]
    public required string Sender { get; set; }

    /// <summary>The sender's domain stands behind the mail.</summary>
    [Parameter, EditorRequired]
    public required bool IsVouched { get; set; }

    /// <summary>What came of it when somebody last asked.</summary>
    [Parameter]
    public UnsubscribeOutcome? Before { get; set; }

    /// <summary>Of the button.</summary>
    [Parameter]
    public string? Class { get; set; }

    [Parameter]
    public EventCallback Asked { get; set; }

    private Task AskAsync()
    {
        _asks = !IsVouched;
        return _asks ? Task.CompletedTask : RunAsync();
    }

    private async Task RunAsync()
    {
        _busy = true;
        await actions.UnsubscribeAsync(TicketId, Sender);
        (_busy, _asks) = (false, false);
        await Asked.InvokeAsync();
    }
}
