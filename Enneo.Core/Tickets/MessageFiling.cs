using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>A message and the folders in which it lay before it was moved: what undoing needs.</summary>
public sealed record FiledMessage(long MessageId, IReadOnlyList<long> FromFolderIds);

/// <param name="Moved">What was moved; a message that already lay there, or never lay on a server, is not among it.</param>
/// <param name="WithoutFolder">Mailboxes that have no folder for the purpose, whose messages stayed.</param>
public sealed record FilingResult(IReadOnlyList<FiledMessage> Moved, IReadOnlyList<long> WithoutFolder);

/// <summary>Moves messages between the folders of their mailbox: here at once, then on the server.</summary>
public sealed class MessageFiling(WriterLane lane, TimeProvider clock)
{
    /// <summary>Moves each message into the folder that its mailbox has for a purpose, such as <see cref="FolderRole.Archive"/>.</summary>
    public Task<FilingResult> MoveAsync(
        IReadOnlyCollection<long> messageIds, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        (db, token) => MoveAsync(db, messageIds, role, actor, origin, token), cancellationToken);

    /// <inheritdoc cref="MoveAsync(IReadOnlyCollection{long}, FolderRole, Actor, string, CancellationToken)"/>
    /// <param name="db">Within a transaction of the writer lane.</param>
    internal async Task<FilingResult> MoveAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var folders = await db.Folders
            .Where(f => f.Role == role && f.IsListed && f.IsSelectable)
            .OrderBy(f => f.Id)
            .GroupBy(f => f.MailboxId)
            .Select(g => new { MailboxId = g.Key, FolderId = g.Min(f => f.Id) })
            .ToDictionaryAsync(f => f.MailboxId, f => f.FolderId, cancellationToken);
        return await MoveAsync(db, messageIds, mailboxId => folders.TryGetValue(mailboxId, out var id) ? id : null, actor, origin, cancellationToken);
    }

    /// <summary>Moves messages into a folder; those of other mailboxes stay.</summary>
    public Task<FilingResult> MoveToFolderAsync(
        IReadOnlyCollection<long> messageIds, long folderId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var mailboxId = await db.Folders.Where(f => f.Id == folderId && f.IsListed && f.IsSelectable).Select(f => (long?)f.MailboxId).SingleOrDefaultAsync(token);
            return await MoveAsync(db, messageIds, owner => owner == mailboxId ? folderId : null, actor, origin, token);
        },
        cancellationToken);

    /// <summary>Puts each message back into a folder in which it lay. Within a transaction of the writer lane.</summary>
    internal async Task UndoMoveAsync(EnneoDbContext db, FilingResult? done, Actor actor, string origin, CancellationToken cancellationToken)
    {
        foreach (var group in (done?.Moved ?? []).Where(moved => moved.FromFolderIds.Count > 0).GroupBy(moved => moved.FromFolderIds[0], moved => moved.MessageId))
        {
            var folder = await db.Folders.AsNoTracking().SingleOrDefaultAsync(f => f.Id == group.Key && f.IsListed && f.IsSelectable, cancellationToken);
            await MoveAsync(db, [.. group], owner => owner == folder?.MailboxId ? folder.Id : null, actor, origin, cancellationToken);
        }
    }

    /// <summary>Stars messages, or takes the star away; the server shows it as <c>\Flagged</c>.</summary>
    public Task FlagAsync(IReadOnlyCollection<long> messageIds, bool flagged, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var messages = await reach.Of(db.Messages).Where(m => messageIds.Contains(m.Id) && m.IsFlagged != flagged).ToListAsync(token);
            foreach (var message in messages)
            {
                message.IsFlagged = flagged;
                await QueueAsync(db, message, ServerChangeKind.Flagged, flagged, toFolderId: null, token);
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.MessageFlaggedChanged, actor, origin, clock, message.MailboxId, message.TicketId, message.Id, ("flagged", !flagged, flagged)));
            }

            await RefreshAsync(db, messages, token);
        },
        cancellationToken);

    /// <summary>Erases messages for good that lie in the trash alone, or nowhere any more: on the server first, then here.</summary>
    /// <returns>Those; the others stay.</returns>
    public Task<IReadOnlyList<long>> EraseAsync(IReadOnlyCollection<long> messageIds, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var messages = await reach.Of(Erasable(db)).Where(m => messageIds.Contains(m.Id)).ToListAsync(token);
            foreach (var message in messages)
            {
                await QueueAsync(db, message, ServerChangeKind.Erase, value: true, toFolderId: null, token);
                db.Activity.Add(ActivityEntry.Of(ActivityKind.MessageErased, actor, origin, clock, message.MailboxId, message.TicketId, message.Id));
            }

            await db.SaveChangesAsync(token);
            return (IReadOnlyList<long>)messages.ConvertAll(m => m.Id);
        },
        cancellationToken);

    /// <summary>What lies in the trash alone, or nowhere any more.</summary>
    internal static IQueryable<Message> Erasable(EnneoDbContext db) => db.Messages
        .Where(m => !db.MessageFolders.Any(p => p.MessageId == m.Id && db.Folders.Any(f => f.Id == p.FolderId && f.Role != FolderRole.Trash)))
        .Where(m => !m.OnServer || db.MessageFolders.Any(p => p.MessageId == m.Id));

    private async Task<FilingResult> MoveAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, Func<long, long?> target, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<FiledMessage> moved = [];
        HashSet<long> without = [];
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var messages = await reach.Of(db.Messages).Where(m => messageIds.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        foreach (var message in messages)
        {
            if (target(message.MailboxId) is not { } folderId)
            {
                without.Add(message.MailboxId);
                continue;
            }

            var places = await db.MessageFolders.Where(p => p.MessageId == message.Id).ToListAsync(cancellationToken);
            if (places.Count == 0 || places is [{ FolderId: var only }] && only == folderId)
            {
                continue;
            }

            db.MessageFolders.RemoveRange(places.Where(p => p.FolderId != folderId));
            if (!places.Exists(p => p.FolderId == folderId))
            {
                db.MessageFolders.Add(new MessageFolder { MessageId = message.Id, FolderId = folderId });
            }

            await QueueAsync(db, message, ServerChangeKind.Move, value: true, folderId, cancellationToken);
            var from = places.Select(p => p.FolderId).ToList();
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.MessageMoved, actor, origin, clock, message.MailboxId, message.TicketId, message.Id, ("folders", from, new[] { folderId })));
            moved.Add(new FiledMessage(message.Id, from));
        }

        await RefreshAsync(db, messages, cancellationToken);
        return new FilingResult(moved, [.. without]);
    }

    /// <summary>The last word counts: what the server has not learnt yet need not be told any more.</summary>
    private async Task QueueAsync(EnneoDbContext db, Message message, ServerChangeKind kind, bool value, long? toFolderId, CancellationToken cancellationToken)
    {
        await db.ServerChanges.Where(c => c.MessageId == message.Id && c.Kind == kind).ExecuteDeleteAsync(cancellationToken);
        db.ServerChanges.Add(new ServerChange
        {
            MailboxId = message.MailboxId,
            MessageId = message.Id,
            Kind = kind,
            Value = value,
            ToFolderId = toFolderId,
            CreatedAt = clock.GetUtcNow(),
        });
    }

    private static async Task RefreshAsync(EnneoDbContext db, List<Message> messages, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        foreach (var ticketId in messages.Select(m => m.TicketId).Distinct())
        {
            summaries.Refresh(ticketId);
        }
    }
}
