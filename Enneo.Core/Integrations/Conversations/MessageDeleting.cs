using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Notes;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Integrations.Conversations;

/// <summary>Takes notes away, and puts mail to the trash: nothing that somebody sent is erased by a program.</summary>
public sealed class MessageDeleting(IDbContextFactory<EnneoDbContext> dbFactory, NoteWriting notes, MessageFiling filing)
{
    /// <returns><see cref="MessagePatchOutcome.Settled"/> where the mailbox has no trash.</returns>
    public async Task<MessagePatchOutcome> RunAsync(Reach reach, long ticketId, long messageId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        if (await reach.Of(db.Messages.AsNoTracking()).SingleOrDefaultAsync(m => m.Id == messageId && m.TicketId == ticketId, cancellationToken) is not { } message)
        {
            return MessagePatchOutcome.NotFound;
        }

        if (message.Direction is MessageDirection.Internal)
        {
            return await notes.RemoveAsync(messageId, actor, origin, cancellationToken) is null ? MessagePatchOutcome.NotYours : MessagePatchOutcome.Done;
        }

        return await DeletedMail.AtAsync(db, message, cancellationToken) is not null || (await filing.MoveAsync([messageId], FolderRole.Trash, actor, origin, cancellationToken)).Moved.Count > 0
            ? MessagePatchOutcome.Done
            : MessagePatchOutcome.Settled;
    }
}
