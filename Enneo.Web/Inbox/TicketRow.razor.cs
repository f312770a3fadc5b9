using System.Globalization;
using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>A conversation in the list: a link, in two lines.</summary>
public sealed partial class TicketRow(BrowserTime time) : ComponentBase
{
    private (TicketSummary?, string?, bool, string?, DateOnly) _shown;
    private bool _changed = true;

    [Parameter, EditorRequired]
    public required TicketSummary Ticket { get; set; }

    [Parameter, EditorRequired]
    public required string Href { get; set; }

    [Parameter]
    public bool Selected { get; set; }

    /// <summary>Which mailbox it lies in, where the list shows several.</summary>
    [Parameter]
    public string? MailboxName { get; set; }

    private string People => Ticket.People.Length > 0 ? Ticket.People : InboxText.UnknownSender;

    private string Subject => Ticket.Subject.Length > 0 ? Ticket.Subject : InboxText.NoSubject;

    private string? Dot => MailboxName is null ? null : MailboxColour.Of(Ticket.MailboxId);

    private string MessagesTitle => string.Format(CultureInfo.CurrentCulture, InboxText.MessageCount, Ticket.MessageCount);

    protected override void OnParametersSet()
    {
        var now = (Ticket, Href, Selected, MailboxName, time.Today);
        _changed = _shown != now;
        _shown = now;
    }

    /// <summary>A list of hundreds renders only the rows that changed.</summary>
    protected override bool ShouldRender() => _changed;
}
