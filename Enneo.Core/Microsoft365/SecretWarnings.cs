using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>That the secret or certificate ends: who asks is told how soon, and each step towards it is told to each admin once. For admins.</summary>
public sealed class SecretWarnings(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const string Name = "microsoft365.told";

    /// <returns>Null while it does not end soon.</returns>
    public async Task<SecretEnd?> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return SecretEnd.Of(await Microsoft365Settings.ReadAsync(db, cancellationToken), clock.GetUtcNow());
    }

    /// <returns>Those of these people who were not told yet that it ends so soon.</returns>
    internal async Task<IReadOnlyList<long>> UntoldAsync(SecretEnd end, IEnumerable<long> userIds, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var told = await ToldAsync(db, end, cancellationToken);
        return [.. userIds.Where(id => !(told.People.TryGetValue(id, out var urgency) && urgency >= end.Urgency))];
    }

    internal Task ToldAsync(SecretEnd end, long userId, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var told = await ToldAsync(db, end, token);
            told.People[userId] = end.Urgency;
            await db.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(token);
            db.Settings.Add(new Setting { Name = Name, Value = JsonSerializer.Serialize(told) });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <summary>Of another secret than this one, nobody was told.</summary>
    private static async Task<Told> ToldAsync(EnneoDbContext db, SecretEnd end, CancellationToken cancellationToken)
    {
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        return value is not null && JsonSerializer.Deserialize<Told>(value) is { People: not null } told && told.EndsAt == end.EndsAt ? told : new Told(end.EndsAt, []);
    }

    /// <param name="People">The last step that each was told.</param>
    private sealed record Told(DateTimeOffset EndsAt, Dictionary<long, SecretUrgency> People);
}
