using Enneo.Core.Tickets;
using Enneo.Web.Shell;

namespace Enneo.Web.Inbox;

/// <summary>What the inbox shows, as it stands in its address: reload, back and shared links restore it.</summary>
/// <param name="MailboxId">Null for all of them.</param>
/// <param name="ShowsMailboxes">Where there is no room for all panes: the mailboxes lie over the list.</param>
/// <param name="Search">What is searched for, as it was typed; null for the list.</param>
/// <param name="BestFirst">Of what is found, instead of the newest.</param>
/// <param name="MessageId">The message of the ticket to begin with: the one that was found.</param>
public sealed record InboxView(
    long? MailboxId = null, bool Closed = false, long? TicketId = null, bool ShowsMailboxes = false, string? Search = null, bool BestFirst = false, long? MessageId = null)
{
    /// <summary>The new message that is written beside the list.</summary>
    public long? DraftId { get; init; }

    /// <summary>The list is of the reader's own drafts.</summary>
    public bool Drafts { get; init; }

    public TicketFilter Filter => new(MailboxId, Closed ? TicketView.Closed : TicketView.Open);

    public string Url => Urls.Inbox(MailboxId, Closed, TicketId, ShowsMailboxes, Search, BestFirst, MessageId, Drafts, DraftId);

    /// <summary>The list in which it was searched.</summary>
    public InboxView WithoutSearch => this with { Search = null, BestFirst = false, TicketId = null, MessageId = null };
}
