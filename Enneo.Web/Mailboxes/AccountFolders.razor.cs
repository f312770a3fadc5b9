using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.Components;

namespace Enneo.Web.Mailboxes;

/// <summary>The folders of a mailbox as a tree: what each is for, and whether it is synced. A change holds at once.</summary>
public sealed partial class AccountFolders : ComponentBase
{
    /// <summary>Deeper ones are not indented further: on a phone their names must fit.</summary>
    private const int MaxDepth = 5;

    private static readonly FolderRole[] s_roles = [FolderRole.None, FolderRole.Sent, FolderRole.Drafts, FolderRole.Junk, FolderRole.Trash, FolderRole.Archive];

    private bool _requested;

    [Parameter, EditorRequired]
    public required IReadOnlyList<FolderDetail> Folders { get; set; }

    /// <summary>False while the mailbox is paused.</summary>
    [Parameter]
    public bool CanSync { get; set; } = true;

    [Parameter]
    public EventCallback OnSync { get; set; }

    [Parameter]
    public EventCallback<(long FolderId, FolderRole Role)> OnRole { get; set; }

    [Parameter]
    public EventCallback<(long FolderId, bool IsSynced)> OnSynced { get; set; }

    private static bool CanChange(FolderDetail folder) => folder.IsSelectable && folder.Role is not FolderRole.Inbox;

    private static IEnumerable<FolderRole> RolesFor(FolderDetail folder) => folder.Role is FolderRole.Inbox ? [FolderRole.Inbox] : s_roles;

    private static string CountsOf(FolderDetail folder) => folder switch
    {
        { IsSynced: false } => "",
        { UnreadCount: 0 } => AccountWords.Count(folder.Count),
        _ => AccountWords.Text(AccountsText.CountAndUnread, AccountWords.Count(folder.Count), AccountWords.Count(folder.UnreadCount)),
    };

    private async Task SyncAsync()
    {
        await OnSync.InvokeAsync();
        _requested = true;
    }

    private Task SyncedAsync(FolderDetail folder, ChangeEventArgs change) => OnSynced.InvokeAsync((folder.Id, change.Value is true));

    private Task RoleAsync(FolderDetail folder, ChangeEventArgs change) =>
        Enum.TryParse<FolderRole>(change.Value?.ToString(), out var role) ? OnRole.InvokeAsync((folder.Id, role)) : Task.CompletedTask;
}
