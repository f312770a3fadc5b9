using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>What an admin says about a folder: what it is for and whether it is synced. It stands against what discovery would find.</summary>
public sealed class FolderEditing(WriterLane lane, TimeProvider clock)
{
    /// <summary>Another folder that had the purpose gives it up: there is one for each.</summary>
    /// <returns>False if there is no such folder, or it cannot be for that.</returns>
    public Task<bool> SetRoleAsync(long folderId, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var folder = await db.Folders.AsTracking().SingleOrDefaultAsync(f => f.Id == folderId, token);
            if (folder is null or { Role: FolderRole.Inbox } || role is FolderRole.Inbox || !folder.IsSelectable)
            {
                return false;
            }

            if (folder.Role == role && folder.RoleIsChosen)
            {
                return true;
            }

            foreach (var other in await db.Folders.AsTracking().Where(f => f.MailboxId == folder.MailboxId && f.Id != folderId && f.Role == role && role != FolderRole.None).ToListAsync(token))
            {
                (other.Role, other.RoleIsChosen) = (FolderRole.None, false);
            }

            db.Activity.Add(Changed(folder, actor, origin, "role", folder.Role.ToString(), role.ToString()));
            (folder.Role, folder.RoleIsChosen) = (role, true);
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    /// <summary>What is synced no longer stays here as it is.</summary>
    /// <returns>False if there is no such folder, or it cannot be changed: the INBOX always is synced.</returns>
    public Task<bool> SetSyncedAsync(long folderId, bool isSynced, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var folder = await db.Folders.AsTracking().SingleOrDefaultAsync(f => f.Id == folderId, token);
            if (folder is null or { Role: FolderRole.Inbox } or { IsSelectable: false })
            {
                return false;
            }

            if (folder.IsSynced != isSynced)
            {
                db.Activity.Add(Changed(folder, actor, origin, "synced", folder.IsSynced, isSynced));
                (folder.IsSynced, folder.SyncIsChosen, folder.HistoryComplete) = (isSynced, true, false);
                await db.SaveChangesAsync(token);
            }

            return true;
        },
        cancellationToken);

    private ActivityEntry Changed(MailFolder folder, Actor actor, string origin, string field, object old, object now) =>
        ActivityEntry.Of(ActivityKind.FolderChanged, actor, origin, clock, folder.MailboxId, changes: [("folder", folder.FullName, folder.FullName), (field, old, now)]);
}
