using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Inbox;

/// <summary>What a folder is called: INBOX is a word of the protocol, not of people.</summary>
internal static class FolderWords
{
    public static string Of(FolderListing folder) => folder.Role is FolderRole.Inbox ? InboxText.Inbox : folder.Name;
}

internal static class FolderIcon
{
    public static IconName Of(FolderRole role) => role switch
    {
        FolderRole.Inbox => IconName.Inbox,
        FolderRole.Sent => IconName.Send,
        FolderRole.Drafts => IconName.Pencil,
        FolderRole.Junk => IconName.Junk,
        FolderRole.Trash => IconName.Trash,
        FolderRole.Archive => IconName.Closed,
        _ => IconName.Folder,
    };
}
