namespace Enneo.Core.Tickets;

/// <summary>Which of the conversations a list shows. All but <see cref="Junk"/>, <see cref="Trash"/> and <see cref="Folder"/> leave out what lies there.</summary>
public enum TicketView
{
    /// <summary>Open or pending, not snoozed.</summary>
    Open,

    /// <summary>Of those, what is assigned to <see cref="TicketFilter.PersonId"/>.</summary>
    Mine,

    /// <summary>Of those, what is assigned to nobody.</summary>
    Unassigned,

    Starred,
    Snoozed,

    /// <summary>In which we wrote.</summary>
    Sent,

    Closed,
    Junk,
    Trash,

    /// <summary>What has a message in <see cref="TicketFilter.FolderId"/>.</summary>
    Folder,

    /// <summary>What is open and has <see cref="TicketFilter.TagId"/>.</summary>
    Tag,
}

/// <summary>Which tickets a list shows.</summary>
/// <param name="MailboxId">Null for all mailboxes.</param>
/// <param name="PersonId">Whose they are, for <see cref="TicketView.Mine"/>.</param>
/// <param name="FolderId">Only for <see cref="TicketView.Folder"/>.</param>
/// <param name="TagId">Only for <see cref="TicketView.Tag"/>.</param>
public sealed record TicketFilter(long? MailboxId, TicketView View = TicketView.Open, long? PersonId = null, long? FolderId = null, long? TagId = null);
