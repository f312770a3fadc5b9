using Enneo.Core.Tickets;
using Enneo.Web.Shell;

namespace Enneo.Web.Inbox;

/// <summary>What the inbox shows, as it stands in its address: reload, back and shared links restore it.</summary>
/// <param name="MailboxId">Null for all of them.</param>
/// <param name="ShowsMailboxes">Where there is no room for all panes: the mailboxes lie over the list.</param>
/// <param name="FolderId">Only for <see cref="TicketView.Folder"/>.</param>
public sealed record InboxView(
    long? MailboxId = null, TicketView View = TicketView.Open, long? TicketId = null, bool ShowsMailboxes = false, long? FolderId = null)
{
    public string Url => Urls.Inbox(MailboxId, View is TicketView.Open or TicketView.Folder ? null : View.ToString().ToLowerInvariant(), TicketId, ShowsMailboxes, FolderId);

    /// <summary>The list alone.</summary>
    public InboxView List => this with { TicketId = null, ShowsMailboxes = false };

    /// <param name="name">As it stands in the address; what is no name of a list is what is open.</param>
    public static TicketView Named(string? name, long? folderId) => folderId is not null
        ? TicketView.Folder
        : Enum.GetValues<TicketView>().FirstOrDefault(view => view is not TicketView.Folder && view.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <param name="personId">Who is reading.</param>
    public TicketFilter FilterOf(long? personId) => new(MailboxId, View, View is TicketView.Mine ? personId : null, FolderId);
}
