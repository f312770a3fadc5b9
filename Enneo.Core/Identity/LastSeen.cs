using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>Notes that a person uses a page, seldom enough to cost nothing.</summary>
public sealed class LastSeen(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private static readonly TimeSpan s_grain = TimeSpan.FromMinutes(5);

    public async Task NoteAsync(long userId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var before = now - s_grain;
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await db.Users.AnyAsync(u => u.Id == userId && (u.LastSeenAt == null || u.LastSeenAt < before), cancellationToken))
        {
            await lane.RunAsync(
                (writer, token) => writer.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(set => set.SetProperty(u => u.LastSeenAt, now), token), cancellationToken);
        }
    }
}
