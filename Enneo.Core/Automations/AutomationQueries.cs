using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>The reads of automations.</summary>
public sealed class AutomationQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>In the order in which they run.</returns>
    public async Task<IReadOnlyList<Automation>> ListAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Automations.AsNoTracking().OrderBy(a => a.Position).ThenBy(a => a.Id).ToListAsync(cancellationToken);
    }

    /// <summary>What mailboxes answer by themselves.</summary>
    public async Task<IReadOnlyList<MailboxAutoReply>> AutoRepliesAsync(Reach reach, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await reach.Of(db.MailboxAutoReplies.AsNoTracking()).ToListAsync(cancellationToken);
    }
}
