using Enneo.Core.Tickets;
using Enneo.Web.Shell;

namespace Enneo.Web.Inbox;

/// <summary>What the inbox shows, as it stands in its address: reload, back and shared links restore it.</summary>
/// <param name="MailboxId">Null for all of them.</param>
/// <param name="ShowsMailboxes">Where there is no room for all panes: the mailboxes lie over the list.</param>
public sealed record InboxView(long? MailboxId = null, bool Closed = false, long? TicketId = null, bool ShowsMailboxes = false)
{
    /// <summary>The new message that is written beside the list.</summary>
    public long? DraftId { get; init; }

    /// <summary>The list is of the reader's own drafts.</summary>
    public bool Drafts { get; init; }

    public TicketFilter Filter => new(MailboxId, Closed);

    public string Url => Urls.Inbox(MailboxId, Closed, TicketId, ShowsMailboxes, Drafts, DraftId);
}
