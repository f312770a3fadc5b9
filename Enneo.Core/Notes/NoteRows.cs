using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Notes;

internal static class NoteRows
{
    /// <returns>A note that the actor may change: their own, or any for an admin.</returns>
    public static async Task<Message?> FindAsync(EnneoDbContext db, long messageId, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var note = await FindAsync(db, reach, messageId, cancellationToken);
        return note is not null && (note.AuthorId == actor.UserId || await IsAdminAsync(db, reach, actor, cancellationToken)) ? note : null;
    }

    /// <returns>A note that the actor sees, whoever wrote it: for changes that somebody who may has made elsewhere.</returns>
    public static async Task<Message?> FindAnyAsync(EnneoDbContext db, long messageId, Actor actor, CancellationToken cancellationToken) =>
        await FindAsync(db, await Reaches.OfAsync(db, actor, cancellationToken), messageId, cancellationToken);

    private static Task<Message?> FindAsync(EnneoDbContext db, Reach reach, long messageId, CancellationToken cancellationToken) =>
        reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.Direction == MessageDirection.Internal, cancellationToken);

    /// <summary>Who sees everything is one; a key only if it was made for that.</summary>
    private static async Task<bool> IsAdminAsync(EnneoDbContext db, Reach reach, Actor actor, CancellationToken cancellationToken) =>
        reach.IsAll && (actor.ApiKeyId is not { } key || await db.ApiKeys.AnyAsync(k => k.Id == key && (k.Scopes & ApiScopes.Admin) == ApiScopes.Admin, cancellationToken));
}
