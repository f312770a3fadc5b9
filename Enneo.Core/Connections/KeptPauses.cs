using System.Text.Json;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Connections;

/// <summary>A server asked to be left alone.</summary>
/// <param name="Words">Its own, cleaned; null where it said nothing that is worth keeping.</param>
internal sealed record KeptPause(DateTimeOffset Until, ConnectionProblem Problem, string? Words);

/// <summary>Which servers asked to be left alone, and until when; on disk, so that no restart asks them sooner.</summary>
public sealed class KeptPauses(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const string Name = "servers.pauses";

    /// <summary>Nobody is left alone for longer.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <param name="server">Which one, and of which mailbox; the same words as in <see cref="NoteAsync"/>.</param>
    /// <returns>Null when it may be asked.</returns>
    internal async Task<KeptPause?> FindAsync(string server, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return (await ReadAsync(db, cancellationToken)).GetValueOrDefault(server);
    }

    internal Task NoteAsync(string server, TimeSpan pause, ConnectionProblem problem, string? words, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var all = await ReadAsync(db, token);
            all[server] = new KeptPause(clock.GetUtcNow() + (pause < Longest ? pause : Longest), problem, words);
            await db.Settings.Where(s => s.Name == Name).ExecuteDeleteAsync(token);
            db.Settings.Add(new Setting { Name = Name, Value = JsonSerializer.Serialize(all) });
            await db.SaveChangesAsync(token);
        },
        cancellationToken);

    /// <returns>Those that last; what is further ahead than it can be was noted before the clock was put back.</returns>
    private async Task<Dictionary<string, KeptPause>> ReadAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var value = await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken);
        var all = value is null ? null : JsonSerializer.Deserialize<Dictionary<string, KeptPause>>(value);
        return (all ?? []).Where(pair => pair.Value.Until > now && pair.Value.Until <= now + Longest).ToDictionary();
    }
}
