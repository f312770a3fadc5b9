using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Notes;

internal static class NoteRows
{
    /// <returns>A note that the actor may change: their own, or any for an admin.</returns>
    public static async Task<Message?> FindAsync(EnneoDbContext db, long messageId, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var note = await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.Direction == MessageDirection.Internal, cancellationToken);
        return note is not null && (reach.MailboxIds is null || note.AuthorId == actor.UserId) ? note : null;
    }
}
