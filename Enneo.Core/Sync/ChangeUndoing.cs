using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Tickets;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Sync;

/// <summary>Takes back what was changed here and never reached the server: the messages are shown as they are there. Within a transaction of the writer lane.</summary>
public sealed class ChangeUndoing(MessagePlaces places, TimeProvider clock)
{
    private const int Batch = 500;

    /// <param name="changes">Tracked by <paramref name="db"/>, of one mailbox.</param>
    internal async Task RunAsync(EnneoDbContext db, IReadOnlyCollection<ServerChange> changes, Actor actor, string origin, CancellationToken cancellationToken)
    {
        foreach (var chunk in changes.Chunk(Batch))
        {
            var ids = chunk.Select(change => change.MessageId).Distinct().ToList();
            var messages = await db.Messages.AsTracking().Where(m => ids.Contains(m.Id)).ToDictionaryAsync(m => m.Id, cancellationToken);
            var onServer = (await db.Ledger
                .Where(e => e.OnServer && e.MessageId != null && ids.Contains(e.MessageId.Value))
                .Select(e => new { MessageId = e.MessageId!.Value, e.Seen, e.Flagged })
                .ToListAsync(cancellationToken)).ToLookup(e => e.MessageId);
            foreach (var change in chunk)
            {
                db.ServerChanges.Remove(change);
                if (messages.TryGetValue(change.MessageId, out var message) && change.Kind is ServerChangeKind.Seen or ServerChangeKind.Flagged)
                {
                    var isSeen = change.Kind is ServerChangeKind.Seen;
                    Show(db, message!, isSeen, onServer[change.MessageId].Select(e => isSeen ? e.Seen : e.Flagged).DefaultIfEmpty(!change.Value).First(), actor, origin);
                }
            }

            await db.SaveChangesAsync(cancellationToken);
            await places.FollowAsync(db, chunk[0].MailboxId, ids, cancellationToken);
            using TicketSummaries summaries = new(db);
            foreach (var ticketId in messages.Values.Select(message => message.TicketId).Distinct())
            {
                summaries.Refresh(ticketId);
            }
        }
    }

    private void Show(EnneoDbContext db, Message message, bool isSeen, bool value, Actor actor, string origin)
    {
        var before = isSeen ? message.IsSeen : message.IsFlagged;
        if (before == value)
        {
            return;
        }

        (message.IsSeen, message.IsFlagged) = isSeen ? (value, message.IsFlagged) : (message.IsSeen, value);
        db.Activity.Add(ActivityEntry.Of(
            isSeen ? ActivityKind.MessageSeenChanged : ActivityKind.MessageFlaggedChanged, actor, origin, clock,
            message.MailboxId, message.TicketId, message.Id, (isSeen ? "seen" : "flagged", before, value)));
    }
}
