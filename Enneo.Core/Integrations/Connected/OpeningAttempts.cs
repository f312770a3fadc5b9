using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Connected;

/// <summary>Which tickets were begun to be opened in other systems: whose answer was lost, or that we did not get to note, may be there.</summary>
internal sealed class OpeningAttempts(WriterLane lane, TimeProvider clock)
{
    /// <summary>So long a new ticket may not be found by searching: what is searched is an index that follows.</summary>
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

    public Task EndAsync(ActingIntegration acting, string name, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => db.Set<OpeningAttempt>().Where(a => a.IntegrationId == acting.Integration.Id && a.Name == name).ExecuteDeleteAsync(token), cancellationToken);

    /// <returns>When it can be looked for; null for now.</returns>
    public DateTimeOffset? SeenFrom(DateTimeOffset begun) => begun + s_unseen is var seen && seen > clock.GetUtcNow() ? seen : null;
}
