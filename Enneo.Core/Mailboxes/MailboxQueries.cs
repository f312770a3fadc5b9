using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>A mailbox as navigation shows it.</summary>
/// <param name="Message">In words, what is wrong and what to do; null when nothing is.</param>
/// <param name="ProgressTotal">Messages of the running first sync; 0 when none runs.</param>
public sealed record MailboxListing(
    long Id, string Name, string Address, MailboxState State, string? Message = null, int ProgressDone = 0, int ProgressTotal = 0);

/// <summary>A folder as navigation shows it.</summary>
/// <param name="Name">The last part of <paramref name="FullName"/>.</param>
/// <param name="Depth">How many folders stand above it.</param>
/// <param name="UnreadCount">Messages without <c>\Seen</c>.</param>
public sealed record FolderListing(long Id, long MailboxId, string Name, string FullName, int Depth, FolderRole Role, bool IsSynced, int UnreadCount);

/// <summary>A folder as the settings show it.</summary>
/// <param name="Count">Messages the server listed when we last looked.</param>
/// <param name="Problem">In words, why it could not be synced; null when it could.</param>
public sealed record FolderDetail(
    long Id, string Name, string FullName, int Depth, FolderRole Role, bool IsSelectable, bool IsSynced, int Count, int UnreadCount, string? Problem);

public sealed class MailboxQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>By name.</returns>
    public async Task<IReadOnlyList<MailboxListing>> ListAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var rows = await Of(db, reach)
            .Where(m => m.RemovedAt == null)
            .OrderBy(m => EF.Functions.Collate(m.Name, "NOCASE"))
            .ThenBy(m => m.Id)
            .Select(m => new { m.Id, m.Name, m.Address, m.Enabled, Status = db.MailboxStatuses.SingleOrDefault(s => s.MailboxId == m.Id) })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(m => new MailboxListing(
            m.Id,
            m.Name,
            m.Address,
            m.Enabled ? m.Status?.State ?? MailboxState.Syncing : MailboxState.Paused,
            m.Status?.Message,
            m.Status?.ProgressDone ?? 0,
            m.Status?.ProgressTotal ?? 0))];
    }

    /// <returns>The folders that the servers list, mailbox by mailbox: INBOX, those with a purpose, then by name; children below their parents.</returns>
    public async Task<IReadOnlyList<FolderListing>> FoldersAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var folders = await reach.Of(db.Folders.AsNoTracking())
            .Where(f => f.IsListed && db.Mailboxes.Any(m => m.Id == f.MailboxId && m.RemovedAt == null))
            .ToListAsync(cancellationToken);
        var unread = await reach.Of(db.Messages)
            .Where(m => !m.IsSeen)
            .Join(db.MessageFolders, m => m.Id, p => p.MessageId, (_, p) => p.FolderId)
            .GroupBy(folderId => folderId)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        return [.. folders.GroupBy(f => f.MailboxId).OrderBy(g => g.Key).SelectMany(g => FolderTree.Order([.. g])).Select(f => new FolderListing(
            f.Folder.Id, f.Folder.MailboxId, FolderTree.NameOf(f.Folder), f.Folder.FullName, f.Depth, f.Folder.Role, f.Folder.IsSynced,
            unread.GetValueOrDefault(f.Folder.Id)))];
    }

    /// <returns>The folders of a mailbox in the order of <see cref="FoldersAsync"/>.</returns>
    public async Task<IReadOnlyList<FolderDetail>> FolderDetailsAsync(Reach reach, long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var folders = await reach.Of(db.Folders.AsNoTracking()).Where(f => f.MailboxId == mailboxId && f.IsListed).ToListAsync(cancellationToken);
        return [.. FolderTree.Order(folders).Select(f => new FolderDetail(
            f.Folder.Id, FolderTree.NameOf(f.Folder), f.Folder.FullName, f.Depth, f.Folder.Role, f.Folder.IsSelectable, f.Folder.IsSynced,
            f.Folder.ServerCount, f.Folder.ServerUnread, f.Folder.Problem))];
    }

    /// <returns>The mailbox's id; null if none has this address, compared without case.</returns>
    public async Task<long?> FindByAddressAsync(Reach reach, string address, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await Of(db, reach).Where(m => m.Address == address.Trim() && m.RemovedAt == null).Select(m => (long?)m.Id).SingleOrDefaultAsync(cancellationToken);
    }

    private static IQueryable<Mailbox> Of(EnneoDbContext db, Reach reach) => reach.MailboxIds is { } ids ? db.Mailboxes.Where(m => ids.Contains(m.Id)) : db.Mailboxes;
}
