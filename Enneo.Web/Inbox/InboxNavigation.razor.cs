using Enneo.Core.Mailboxes;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Inbox;

/// <summary>The lists over all mailboxes, then each mailbox with its folders, with what there is in them and how they are doing.</summary>
public sealed partial class InboxNavigation : ComponentBase
{
    [CascadingParameter]
    public InboxDirectory Directory { get; set; } = InboxDirectory.Empty;

    [Parameter, EditorRequired]
    public required InboxView View { get; set; }

    /// <summary>Null while they are being read.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<MailboxListing>? Mailboxes { get; set; }

    [Parameter, EditorRequired]
    public required TicketCounts Counts { get; set; }

    /// <summary>By tag, how many open conversations have it.</summary>
    [Parameter]
    public IReadOnlyDictionary<long, int> TagCounts { get; set; } = new Dictionary<long, int>();

    /// <summary>How many of the reader's own wait to be sent.</summary>
    [Parameter]
    public int Drafts { get; set; }

    private IEnumerable<(TicketView View, string Name, IconName Icon, int Count)> Lists =>
    [
        (TicketView.Open, InboxText.AllInboxes, IconName.Inbox, Sum(c => c.Unread)),
        (TicketView.Mine, InboxText.Mine, IconName.Person, Sum(c => c.Mine)),
        (TicketView.Unassigned, InboxText.Unassigned, IconName.Unassigned, Sum(c => c.Unassigned)),
        (TicketView.Starred, InboxText.StarredList, IconName.Star, Counts.Starred),
        (TicketView.Snoozed, InboxText.Snoozed, IconName.Clock, Sum(c => c.Snoozed)),
        (TicketView.Sent, InboxText.Sent, IconName.Send, 0),
        (TicketView.Closed, InboxText.Closed, IconName.Closed, 0),
        (TicketView.Junk, InboxText.Junk, IconName.Junk, Counts.Junk),
        (TicketView.Trash, InboxText.Trash, IconName.Trash, 0),
    ];

    private IEnumerable<TagListing> Tags => Directory.Tags.Where(tag => tag.Visibility is not TagVisibility.Disabled && tag.Reference is TagReference.Ticket);

    private int Sum(Func<MailboxCounts, int> count) => Counts.Mailboxes.Sum(count);
}
