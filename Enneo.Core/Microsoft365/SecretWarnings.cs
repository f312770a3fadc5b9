using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365;

/// <summary>That the secret or certificate ends: who asks is told how soon, and each step towards it is told to admins once. For admins.</summary>
public sealed class SecretWarnings(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const string Name = "microsoft365.told";

    /// <returns>Null while it does not end soon.</returns>
    public async Task<SecretEnd?> FindAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return SecretEnd.Of(await Microsoft365Settings.ReadAsync(db, cancellationToken), clock.GetUtcNow());
    }

    /// <returns>What admins were not told yet; null when there is no such thing.</returns>
    internal async Task<SecretEnd?> NewsAsync(CancellationToken cancellationToken)
    {
        if (await FindAsync(cancellationToken) is not { } end)
        {
            return null;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        var told = value is null ? null : JsonSerializer.Deserialize<SecretEnd>(value);
        return told is not null && told.EndsAt == end.EndsAt && told.Urgency >= end.Urgency ? null : end;
    }

    internal Task ToldAsync(SecretEnd end, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await db.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(token);
            db.Settings.Add(new Setting { Name = Name, Value = JsonSerializer.Serialize(end) });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);
}
