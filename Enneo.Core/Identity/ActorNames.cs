using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>What those who act are called: people by their names, programs by those of their keys.</summary>
public sealed class ActorNames(IDbContextFactory<EnneoDbContext> dbFactory)
{
    /// <returns>Those of some accounts, whether they still get in or not.</returns>
    public async Task<IReadOnlyDictionary<long, string>> FindAsync(IReadOnlyCollection<long> userIds, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => userIds.Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancellationToken);
    }

    /// <returns>Those of all programs that ever had a key of their own.</returns>
    public async Task<IReadOnlyDictionary<long, string>> ProgramsAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users.Where(u => u.IsService).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancellationToken);
    }
}
