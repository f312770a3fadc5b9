using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets;

/// <summary>A message and the folders in which it lay before it was moved, none for mail of a file: what undoing needs.</summary>
public sealed record FiledMessage(long MessageId, IReadOnlyList<long> FromFolderIds);

/// <param name="Moved">What was moved; a message that already lay there, or whose place on the server is not known, is not among it.</param>
/// <param name="WithoutFolder">Mailboxes that have no folder for the purpose, whose messages stayed.</param>
public sealed record FilingResult(IReadOnlyList<FiledMessage> Moved, IReadOnlyList<long> WithoutFolder);

/// <summary>Moves messages between the folders of their mailbox: here at once, then on the server.</summary>
public sealed class MessageFiling(WriterLane lane, TimeProvider clock)
{
    /// <summary>Moves each message into the folder that its mailbox has for a purpose, such as <see cref="FolderRole.Archive"/>.</summary>
    public Task<FilingResult> MoveAsync(
        IReadOnlyCollection<long> messageIds, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => MoveAsync(db, messageIds, role, actor, origin, token), cancellationToken);

    /// <summary>Moves messages into a folder; those of other mailboxes stay.</summary>
    public Task<FilingResult> MoveToFolderAsync(
        IReadOnlyCollection<long> messageIds, long folderId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => MoveToFolderAsync(db, messageIds, folderId, actor, origin, token), cancellationToken);

    /// <summary>Stars messages, or takes the star away; the server shows it as <c>\Flagged</c>.</summary>
    public Task FlagAsync(IReadOnlyCollection<long> messageIds, bool flagged, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var reach = await Reaches.OfAsync(db, actor, token);
            var messages = await reach.Of(db.Messages).Where(m => messageIds.Contains(m.Id) && m.IsFlagged != flagged).ToListAsync(token);
            ChangesForServer changes = new(db, clock);
            foreach (var message in messages)
            {
                message.IsFlagged = flagged;
                await changes.QueueAsync(message, ServerChangeKind.Flagged, flagged, toFolderId: null, token);
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.MessageFlaggedChanged, actor, origin, clock, message.MailboxId, message.TicketId, message.Id, ("flagged", !flagged, flagged)));
            }

            await RefreshAsync(db, messages, token);
        },
        cancellationToken);

    /// <summary>Erases messages for good that lie in the trash alone, or nowhere any more: on the server first, then here.</summary>
    /// <returns>Those; the others stay.</returns>
    public Task<IReadOnlyList<long>> EraseAsync(IReadOnlyCollection<long> messageIds, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => EraseAsync(db, messageIds, actor, origin, token), cancellationToken);

    /// <summary>The same within a transaction of the writer lane.</summary>
    internal async Task<IReadOnlyList<long>> EraseAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var messages = await reach.Of(Erasable(db)).Where(m => messageIds.Contains(m.Id)).ToListAsync(cancellationToken);
        ChangesForServer changes = new(db, clock);
        foreach (var message in messages)
        {
            await changes.QueueErasingAsync(message, cancellationToken);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.MessageErased, actor, origin, clock, message.MailboxId, message.TicketId, message.Id));
        }

        await db.SaveChangesAsync(cancellationToken);
        return messages.ConvertAll(m => m.Id);
    }

    /// <summary>What lies in the trash alone, or nowhere any more.</summary>
    internal static IQueryable<Message> Erasable(EnneoDbContext db) => db.Messages
        .Where(m => !db.MessageFolders.Any(p => p.MessageId == m.Id && db.Folders.Any(f => f.Id == p.FolderId && f.Role != FolderRole.Trash)))
        .Where(m => !m.OnServer || db.MessageFolders.Any(p => p.MessageId == m.Id));

    /// <summary>Within a transaction of the writer lane.</summary>
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

    /// <summary>Puts each message back into a folder in which it lay, or into none. Within a transaction of the writer lane.</summary>
    internal async Task PutBackAsync(EnneoDbContext db, IReadOnlyCollection<FiledMessage> moved, Actor actor, string origin, CancellationToken cancellationToken)
    {
        foreach (var group in moved.GroupBy(message => message.FromFolderIds.Count > 0 ? message.FromFolderIds[0] : (long?)null, message => message.MessageId))
        {
            await (group.Key is { } folderId
                ? MoveToFolderAsync(db, [.. group], folderId, actor, origin, cancellationToken)
                : TakeOutAsync(db, [.. group], actor, origin, cancellationToken));
        }
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<FilingResult> MoveToFolderAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, long folderId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var mailboxId = await db.Folders.Where(f => f.Id == folderId && f.IsListed && f.IsSelectable).Select(f => (long?)f.MailboxId).SingleOrDefaultAsync(cancellationToken);
        return await MoveAsync(db, messageIds, owner => owner == mailboxId ? folderId : null, actor, origin, cancellationToken);
    }

    private async Task<FilingResult> MoveAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, Func<long, long?> target, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<FiledMessage> moved = [];
        HashSet<long> without = [];
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var messages = await reach.Of(db.Messages).Where(m => messageIds.Contains(m.Id)).OrderBy(m => m.Id).ToListAsync(cancellationToken);
        ChangesForServer changes = new(db, clock);
        Relocations relocations = new(db, clock);
        foreach (var message in messages)
        {
            if (target(message.MailboxId) is not { } folderId)
            {
                without.Add(message.MailboxId);
                continue;
            }

            var places = await db.MessageFolders.Where(p => p.MessageId == message.Id).ToListAsync(cancellationToken);
            if (places is [{ FolderId: var only }] && only == folderId || (places.Count == 0 && !await changes.IsFromFileAsync(message, cancellationToken)))
            {
                continue;
            }

            db.MessageFolders.RemoveRange(places.Where(p => p.FolderId != folderId));
            if (!places.Exists(p => p.FolderId == folderId))
            {
                db.MessageFolders.Add(new MessageFolder { MessageId = message.Id, FolderId = folderId });
            }

            await changes.QueueAsync(message, ServerChangeKind.Move, value: true, folderId, cancellationToken);
            var from = places.Select(p => p.FolderId).ToList();
            relocations.Moved(message, from, [folderId]);
            moved.Add(new FiledMessage(message.Id, from));
        }

        await relocations.SettleAsync(TicketsOf(messages), actor, origin, cancellationToken);
        return new FilingResult(moved, [.. without]);
    }

    /// <summary>What came from a file lay in no folder before somebody moved it.</summary>
    private async Task<FilingResult> TakeOutAsync(
        EnneoDbContext db, IReadOnlyCollection<long> messageIds, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        var messages = await reach.Of(ChangesForServer.FromFiles(db)).Where(m => messageIds.Contains(m.Id)).ToListAsync(cancellationToken);
        Relocations relocations = new(db, clock);
        foreach (var message in messages)
        {
            var places = await db.MessageFolders.Where(p => p.MessageId == message.Id).ToListAsync(cancellationToken);
            db.MessageFolders.RemoveRange(places);
            relocations.Moved(message, places.ConvertAll(p => p.FolderId), []);
        }

        await relocations.SettleAsync(TicketsOf(messages), actor, origin, cancellationToken);
        return new FilingResult(messages.ConvertAll(m => new FiledMessage(m.Id, [])), []);
    }

    private static List<long> TicketsOf(List<Message> messages) => [.. messages.Select(m => m.TicketId).Distinct()];

    private static async Task RefreshAsync(EnneoDbContext db, List<Message> messages, CancellationToken cancellationToken)
    {
        await db.SaveChangesAsync(cancellationToken);
        using TicketSummaries summaries = new(db);
        foreach (var ticketId in TicketsOf(messages))
        {
            summaries.Refresh(ticketId);
        }
    }
}
