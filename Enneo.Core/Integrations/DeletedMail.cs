using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations;

/// <summary>Since when mail is deleted, though it can still be read.</summary>
internal static class DeletedMail
{
    private static readonly ActivityKind[] s_ways = [ActivityKind.MessageMoved, ActivityKind.MessageErased, ActivityKind.MessageOnServerChanged];

    /// <returns>When it went to the trash, or the mail server was found to hold it no more; null while it is neither.</returns>
    public static async Task<DateTimeOffset?> AtAsync(EnneoDbContext db, Message message, CancellationToken cancellationToken)
    {
        if (message.Direction is MessageDirection.Internal)
        {
            return null;
        }

        var places = await db.MessageFolders.Where(p => p.MessageId == message.Id).Join(db.Folders, p => p.FolderId, f => f.Id, (_, f) => f.Role).ToListAsync(cancellationToken);
        var isInTrash = places.Count > 0 && places.TrueForAll(role => role is FolderRole.Trash);
        if (!isInTrash && (message.OnServer || places.Count > 0))
        {
            return null;
        }

        var foldedIn = await db.TicketMerges.Where(m => m.IntoId == message.TicketId).Select(m => m.TicketId).ToListAsync(cancellationToken);
        long[] tickets = [message.TicketId, .. foldedIn];
        var at = await db.Activity
            .Where(e => e.TicketId != null && tickets.Contains(e.TicketId.Value) && e.MessageId == message.Id && s_ways.Contains(e.Kind))
            .OrderByDescending(e => e.Sequence)
            .Select(e => (DateTimeOffset?)e.At)
            .FirstOrDefaultAsync(cancellationToken);
        return at ?? (isInTrash ? message.ReceivedAt : null);
    }
}
