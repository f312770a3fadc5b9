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
    private const string DraftsName = "drafts";

    /// <summary>What is searched for, as it was typed; null for the list.</summary>
    public string? Search { get; init; }

    /// <summary>Of what is found, instead of the newest.</summary>
    public bool BestFirst { get; init; }

    /// <summary>The message of the ticket to begin with: the one that was found.</summary>
    public long? MessageId { get; init; }

    /// <summary>Only for <see cref="TicketView.Tag"/>.</summary>
    public long? TagId { get; init; }

    /// <summary>The new message that is written beside the list.</summary>
    public long? DraftId { get; init; }

    /// <summary>The list is of the reader's own drafts.</summary>
    public bool Drafts { get; init; }

    public string Url => Urls.Inbox(MailboxId, Name, TicketId, ShowsMailboxes, FolderId, Search, BestFirst, MessageId, DraftId, TagId);

    /// <summary>The list alone.</summary>
    public InboxView List => this with { TicketId = null, MessageId = null, DraftId = null, ShowsMailboxes = false };

    /// <summary>The list in which it was searched.</summary>
    public InboxView WithoutSearch => List with { Search = null, BestFirst = false };

    private string? Name => Drafts ? DraftsName : View is TicketView.Open or TicketView.Folder or TicketView.Tag ? null : View.ToString().ToLowerInvariant();

    /// <param name="name">As it stands in the address; what is no name of a list is what is open.</param>
    public static TicketView Named(string? name, long? folderId, long? tagId = null) => folderId is not null ? TicketView.Folder
        : tagId is not null ? TicketView.Tag
        : Enum.GetValues<TicketView>().FirstOrDefault(view => view is not (TicketView.Folder or TicketView.Tag) && view.ToString().Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether that name stands for the reader's own drafts.</summary>
    public static bool NamesDrafts(string? name) => DraftsName.Equals(name, StringComparison.OrdinalIgnoreCase);

    /// <param name="personId">Who is reading.</param>
    public TicketFilter FilterOf(long? personId) => new(MailboxId, View, View is TicketView.Mine ? personId : null, FolderId, TagId);
}
