using System.Collections.Concurrent;
using System.Globalization;
using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Identity;

/// <summary>
/// Which sessions still count. A session dies with the person's security stamp (a new password) and
/// when it is signed out: a cookie copied earlier must not work afterwards, not even after a restart.
/// </summary>
public sealed class Sessions(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, TimeProvider clock)
{
    private const string Ended = "session-ended:";

    private readonly ConcurrentDictionary<string, bool> _ended = new();
    private volatile bool _loaded;

    public async Task<bool> IsAliveAsync(long userId, string securityStamp, string sessionId, CancellationToken cancellationToken)
    {
        if (!_loaded)
        {
            await LoadAsync(cancellationToken);
        }

        if (_ended.ContainsKey(sessionId))
        {
            return false;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Users.AnyAsync(u => u.Id == userId && u.SecurityStamp == securityStamp && u.DisabledAt == null, cancellationToken);
    }

    /// <param name="sessionId">The random id that the session's cookie carries.</param>
    /// <param name="lifetime">After this no cookie of that session is valid anyway.</param>
    public async Task EndAsync(string sessionId, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        _ended[sessionId] = true;
        var name = Ended + sessionId;
        var until = (clock.GetUtcNow() + lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        await lane.RunAsync(async (db, token) =>
        {
            if (!await db.Settings.AnyAsync(s => s.Name == name, token))
            {
                db.Settings.Add(new Setting { Name = name, Value = until });
                await db.SaveChangesAsync(token);
            }
        }, cancellationToken);
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        var stored = await db.Settings.AsNoTracking().Where(s => s.Name.StartsWith(Ended)).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        List<string> past = [];
        foreach (var session in stored)
        {
            if (long.Parse(session.Value, CultureInfo.InvariantCulture) > now)
            {
                _ended[session.Name[Ended.Length..]] = true;
            }
            else
            {
                past.Add(session.Name);
            }
        }

        if (past.Count > 0)
        {
            await lane.RunAsync((db, token) => db.Settings.Where(s => past.Contains(s.Name)).ExecuteDeleteAsync(token), cancellationToken);
        }

        _loaded = true;
    }
}
