using Enneo.Core.Mailboxes;
using Enneo.Core.Tickets;

namespace Enneo.Web.Inbox;

/// <summary>What a list is called.</summary>
internal static class ListTitle
{
    public static string Of(InboxView view, MailboxListing? mailbox, InboxDirectory directory)
    {
        var name = view.View switch
        {
            TicketView.Mine => InboxText.Mine,
            TicketView.Unassigned => InboxText.Unassigned,
            TicketView.Starred => InboxText.StarredList,
            TicketView.Snoozed => InboxText.Snoozed,
            TicketView.Sent => InboxText.Sent,
            TicketView.Junk => InboxText.Junk,
            TicketView.Trash => InboxText.Trash,
            TicketView.Folder => directory.Folder(view.FolderId) is { } folder ? FolderWords.Of(folder) : InboxText.Folder,
            TicketView.Tag => directory.Tag(view.TagId)?.FullName ?? InboxText.Tags,
            _ => view.MailboxId is null ? InboxText.AllInboxes : mailbox?.Name ?? InboxText.Mailbox,
        };
        return view.MailboxId is not null && view.View is not (TicketView.Open or TicketView.Closed) && mailbox is not null ? $"{name} · {mailbox.Name}" : name;
    }
}
