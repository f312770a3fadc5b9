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

    /// <returns>The mailbox's id; null if none has this address, compared without case.</returns>
    public async Task<long?> FindByAddressAsync(string address, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.Where(m => m.Address == address.Trim()).Select(m => (long?)m.Id).SingleOrDefaultAsync(cancellationToken);
    }
}
