using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which tickets and messages were begun to be given to other systems that know none of our names: whose answer was lost, or that we did not get to note, may be there.</summary>
internal sealed class OpeningAttempts(WriterLane lane, TimeProvider clock)
{
    /// <summary>So long a new ticket may not be found by searching, for what is searched is an index that follows; and a message may still be written.</summary>
    private static readonly TimeSpan s_unseen = TimeSpan.FromMinutes(1);

    /// <returns>When it was tried first; null where this is the first time.</returns>
    public Task<DateTimeOffset?> BeginAsync(ActingIntegration acting, string name, CancellationToken cancellationToken) => lane.RunAsync<DateTimeOffset?>(
        async (db, token) =>
        {
            if (await db.Set<OpeningAttempt>().FindAsync([acting.Integration.Id, name], token) is { } begun)
            {
                return begun.At;
            }

            db.Add(new OpeningAttempt { IntegrationId = acting.Integration.Id, Name = name, At = clock.GetUtcNow() });
            await db.SaveChangesAsync(token);
            return null;
        },
        cancellationToken);

    /// <summary>Again nobody knows how it ended.</summary>
    public Task RenewAsync(ActingIntegration acting, string name, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return lane.RunAsync((db, token) => db.Set<OpeningAttempt>().Where(a => a.IntegrationId == acting.Integration.Id && a.Name == name).ExecuteUpdateAsync(set => set.SetProperty(a => a.At, now), token), cancellationToken);
    }

    public Task EndAsync(ActingIntegration acting, string name, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Set<OpeningAttempt>().Where(a => a.IntegrationId == acting.Integration.Id && a.Name == name).ExecuteDeleteAsync(token), cancellationToken);

    /// <returns>When it can be looked for; null for now.</returns>
    public DateTimeOffset? SeenFrom(DateTimeOffset begun) => begun + s_unseen is var seen && seen > clock.GetUtcNow() ? seen : null;
}
