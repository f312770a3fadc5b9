using Enneo.Core.Mailboxes;

namespace Enneo.Core.Sync;

/// <summary>
/// What it means that a message lies in other folders than before, whatever copies of it lie in several. Where a server or a
/// program cannot move, the copy is seen first and then that the other is gone. What lay nowhere and is listed again was not moved
/// by anybody: a server that lost sight of a folder says nothing about the mail in it.
/// </summary>
internal sealed record FolderChange(IReadOnlyCollection<FolderRole> Before, IReadOnlyCollection<FolderRole> After)
{
    /// <summary>It came into junk, and lies nowhere else but in the trash.</summary>
    public bool IsIntoJunk => After.Contains(FolderRole.Junk) && !After.Any(IsForMail) && Before.Count > 0 && (Before.Any(IsForMail) || !Before.Contains(FolderRole.Junk));

    /// <summary>It lay in junk, and is where mail is now: moved there, or copied.</summary>
    public bool IsOutOfJunk => IsOutOf(FolderRole.Junk);

    /// <summary>It lay in the trash, and is where mail is now.</summary>
    public bool IsOutOfTrash => IsOutOf(FolderRole.Trash);

    private bool IsOutOf(FolderRole role) => Before.Contains(role) && After.Any(IsForMail) && (!Before.Any(IsForMail) || !After.Contains(role));

    private static bool IsForMail(FolderRole role) => role is not (FolderRole.Junk or FolderRole.Trash);
}
