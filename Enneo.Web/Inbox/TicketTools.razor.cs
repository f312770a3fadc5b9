using Enneo.Core.Spam;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Enneo.Web.Spam;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>What can be done with the open conversation, or with those that were picked.</summary>
public sealed partial class TicketTools(InboxActions actions) : ComponentBase
{
    private bool _picking;
    private int? _erasing;

    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public required IReadOnlyList<TicketSummary> Tickets { get; set; }

    /// <summary>Where more are picked than are at hand: all of them, of which <see cref="Tickets"/> are some.</summary>
    [Parameter]
    public IReadOnlyCollection<long>? All { get; set; }

    /// <summary>In the bar of the list, where there is little room.</summary>
    [Parameter]
    public bool Bulk { get; set; }

    /// <summary>Who wrote to the open conversation last; empty where nobody did.</summary>
    [Parameter]
    public string Sender { get; set; } = "";

    /// <summary>Something was done with them.</summary>
    [Parameter]
    public EventCallback Acted { get; set; }

    /// <summary>Of the sender; null where others write from there as well, ourselves among them.</summary>
    private string? Domain => SenderDomain.Find(Sender, Directory.OwnDomains);

    private string? AloneWords => Domain is not null ? null : SenderDomain.Find(Sender) is null ? SpamText.SharedDomain : SpamText.OwnDomain;

    /// <summary>As they are now: they may be let go of while something is done with them.</summary>
    private List<long> Ids => [.. All ?? Tickets.Select(ticket => ticket.Id)];

    private bool IsStarred => Tickets.All(ticket => ticket.IsStarred);

    private bool IsClosed => Tickets.All(ticket => ticket.Status is TicketStatus.Closed);

    private string StarName => IsStarred ? InboxText.Unstar : InboxText.Star;

    private string StarTitle => StarName + " (S)";

    private string CloseWords => IsClosed ? InboxText.ReopenAction : InboxText.CloseAction;

    private long? Assignee => Tickets.Select(ticket => ticket.AssigneeId).Distinct().ToList() is [var one] ? one : null;

    private TicketPriority? Priority => Tickets.Select(ticket => ticket.Priority).Distinct().ToList() is [var one] ? one : null;

    private long? MailboxId => Tickets.Select(ticket => ticket.MailboxId).Distinct().ToList() is [var one] ? one : null;

    private TicketPlace Place => Tickets.Select(ticket => ticket.Place).Distinct().ToList() is [var one] ? one : TicketPlace.Desk;

    private async Task ActAsync(Func<Task> act)
    {
        await act();
        await Acted.InvokeAsync();
    }

    private async Task AskToEraseAsync() => _erasing = await actions.CountErasableAsync(ErasingScope.Of(Ids));

    private Task EraseAsync()
    {
        _erasing = null;
        return ActAsync(() => actions.EraseAsync(ErasingScope.Of(Ids)));
    }

    private Task MergeAsync()
    {
        _picking = Tickets.Count == 1;
        return _picking ? Task.CompletedTask : ActAsync(() => actions.MergeAsync(Ids));
    }

    private Task MergeIntoAsync(TicketSummary other)
    {
        _picking = false;
        return ActAsync(() => actions.MergeAsync([.. Ids, other.Id]));
    }
}
