using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Hooks;

/// <summary>A hook as it is shown; its secrets never are.</summary>
/// <param name="KeyIsGone">It can do nothing any more in anybody's name.</param>
/// <param name="Last">The newest call; null before the first.</param>
public sealed record HookView(long Id, HookInput Settings, string Mailbox, DateTimeOffset? EarlierSecretUntil, bool KeyIsGone, HookCall? Last);

/// <summary>The reads of hooks and of what came by them. For admins; nobody else is told anything.</summary>
public sealed class HookQueries(IDbContextFactory<EnneoDbContext> dbFactory)
{
    public const int MaxPage = 200;

    /// <returns>Oldest first.</returns>
    public async Task<IReadOnlyList<HookView>> ListAsync(Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (!(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll)
        {
            return [];
        }

        var rows = await db.Set<IncomingHook>().AsNoTracking().OrderBy(h => h.Id)
            .Select(h => new
            {
                Hook = h,
                Mailbox = db.Mailboxes.Where(m => m.Id == h.MailboxId).Select(m => m.Name).Single(),
                HasKey = db.ApiKeys.Any(k => k.Id == h.KeyId && k.RevokedAt == null),
                Last = db.Set<HookCall>().Where(c => c.HookId == h.Id).OrderByDescending(c => c.Id).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new HookView(row.Hook.Id, HookInput.Of(row.Hook), row.Mailbox, row.Hook.EarlierUntil, !row.HasKey, row.Last))];
    }

    /// <param name="before">Only those before the call of this id; null for the newest.</param>
    /// <returns>The newest first.</returns>
    public async Task<IReadOnlyList<HookCall>> CallsAsync(long hookId, bool onlyRefused, long? before, int limit, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return !(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll ? [] : await db.Set<HookCall>().AsNoTracking()
            .Where(c => c.HookId == hookId && (before == null || c.Id < before) && (!onlyRefused || c.Outcome == HookOutcome.Refused))
            .OrderByDescending(c => c.Id).Take(Math.Clamp(limit, 1, MaxPage))
            .ToListAsync(cancellationToken);
    }

    /// <returns>The calls whose bodies are there to try a mapping with, the newest first.</returns>
    public async Task<IReadOnlyList<HookCall>> BodiesAsync(long hookId, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return !(await Reaches.OfAsync(db, actor, cancellationToken)).IsAll ? [] : await db.Set<HookCall>().AsNoTracking()
            .Where(c => c.HookId == hookId && c.IsProven && c.Body != null)
            .OrderByDescending(c => c.Id).Take(HookLog.KeptBodies)
            .ToListAsync(cancellationToken);
    }
}
