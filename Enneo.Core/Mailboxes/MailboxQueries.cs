using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>A mailbox as navigation shows it.</summary>
/// <param name="Message">In words, what is wrong and what to do; null when nothing is.</param>
/// <param name="ProgressTotal">Messages of the running first sync; 0 when none runs.</param>
public sealed record MailboxListing(
    long Id, string Name, string Address, MailboxState State, string? Message = null, int ProgressDone = 0, int ProgressTotal = 0);

public sealed class MailboxQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>All mailboxes by name.</returns>
    public async Task<IReadOnlyList<MailboxListing>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var rows = await db.Mailboxes
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

    /// <returns>The folders of all mailboxes that can hold mail: those with a purpose first, then by name.</returns>
    public async Task<IReadOnlyList<FolderListing>> FoldersAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var rows = await db.Folders
            .Where(f => f.IsListed && f.IsSelectable)
            .ToListAsync(cancellationToken);
        var unread = await db.Tickets
            .Where(t => t.UnreadCount > 0)
            .Join(db.TicketFolders, t => t.Id, p => p.TicketId, (_, p) => p.FolderId)
            .GroupBy(id => id)
            .Select(g => new { FolderId = g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.FolderId, g => g.Count, cancellationToken);
        return [.. rows
            .Select(f =>
            {
                var parts = f.Separator.Length > 0 ? f.FullName.Split(f.Separator) : [f.FullName];
                return new FolderListing(f.Id, f.MailboxId, parts[^1], f.FullName, parts.Length - 1, f.Role, f.IsSynced, unread.GetValueOrDefault(f.Id));
            })
            .OrderBy(f => f.MailboxId)
            .ThenBy(f => f.Role is FolderRole.None ? int.MaxValue : (int)f.Role)
            .ThenBy(f => f.FullName, StringComparer.OrdinalIgnoreCase)];
    }

    /// <returns>The mailbox's id; null if none has this address, compared without case.</returns>
    public async Task<long?> FindByAddressAsync(string address, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.Where(m => m.Address == address.Trim()).Select(m => (long?)m.Id).SingleOrDefaultAsync(cancellationToken);
    }
}
