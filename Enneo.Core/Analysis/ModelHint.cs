using Enneo.Core.Activity;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Analysis;

/// <summary>The hint that no language model is set up, which each person can do without.</summary>
public sealed class ModelHint(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    /// <returns>Whether no model is set up, and the person has not asked to be told no more.</returns>
    public async Task<bool> IsShownAsync(long personId, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return !(await AiSettings.ReadAsync(db, cancellationToken)).IsUsable && await db.Users.AnyAsync(u => u.Id == personId && u.ModelHintLeftAt == null, cancellationToken);
    }

    /// <summary>The actor is told no more.</summary>
    public Task LeaveAsync(Actor actor, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync((db, token) => db.Users.Where(u => u.Id == actor.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.ModelHintLeftAt, now), token), cancellationToken);
    }
}
