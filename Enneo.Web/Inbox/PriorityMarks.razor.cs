using Enneo.Core.Tickets;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What presses in a conversation: its priority unless that is medium, and that it is overdue.</summary>
public sealed partial class PriorityMarks(BrowserTime time, TimeProvider clock) : ComponentBase
{
    [Parameter, EditorRequired]
    public required TicketSummary Ticket { get; set; }

    /// <summary>There is room to say when it is due, too.</summary>
    [Parameter]
    public bool Whole { get; set; }

    public static string Words(TicketPriority priority) => priority switch
    {
        TicketPriority.Low => InboxText.PriorityLow,
        TicketPriority.Medium => InboxText.PriorityMedium,
        TicketPriority.High => InboxText.PriorityHigh,
        _ => InboxText.PriorityUrgent,
    };
}
