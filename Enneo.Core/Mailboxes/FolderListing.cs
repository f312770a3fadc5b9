namespace Enneo.Core.Mailboxes;

/// <summary>A folder as navigation shows it.</summary>
/// <param name="Name">The last part of <paramref name="FullName"/>.</param>
/// <param name="Depth">How many folders stand above it.</param>
/// <param name="UnreadCount">Conversations in it with unread mail.</param>
public sealed record FolderListing(
    long Id, long MailboxId, string Name, string FullName, int Depth, FolderRole Role, bool IsSynced, int UnreadCount);
