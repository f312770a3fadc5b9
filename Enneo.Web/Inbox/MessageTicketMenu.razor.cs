using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>In which conversation a message stands: it can be split off, or go over to another one.</summary>
public sealed partial class MessageTicketMenu(InboxActions actions) : ComponentBase
{
    private bool _picking;

    [Parameter, EditorRequired]
    public required TicketSummary Ticket { get; set; }

    [Parameter, EditorRequired]
    public long MessageId { get; set; }

    /// <summary>Its place within the conversation, from the oldest.</summary>
    [Parameter]
    public int Index { get; set; }

    /// <summary>Messages of the conversation.</summary>
    [Parameter]
    public int Count { get; set; }

    private Task SplitAsync(bool andLater) => actions.SplitAsync(Ticket.Id, MessageId, andLater);

    private Task MoveAsync(TicketSummary other)
    {
        _picking = false;
        return actions.MoveMessageAsync(Ticket.Id, MessageId, other.Id);
    }
}
