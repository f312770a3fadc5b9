using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>
/// What moving, starring and marking a whole conversation mean for its messages: what it received
/// goes, copies of what we sent stay where they are, unless we alone wrote in it or it is deleted.
/// </summary>
public sealed class TicketFiling(IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MessageFiling filing, ReadState readState)
{
    public async Task<FilingResult> MoveAsync(
        IReadOnlyCollection<long> ticketIds, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken) =>
        await lane.RunAsync((db, token) => MoveAsync(db, ticketIds, role, actor, origin, token), cancellationToken);

    /// <summary>Puts each message back into a folder in which it lay.</summary>
    public Task UndoMoveAsync(FilingResult done, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => PutBackAsync(db, done.Moved, actor, origin, token), cancellationToken);

    /// <summary>Stars the newest message of each ticket that has no star, or takes every star away.</summary>
    /// <returns>The messages that changed.</returns>
    public async Task<IReadOnlyList<long>> StarAsync(
        IReadOnlyCollection<long> ticketIds, bool starred, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var changed = (await ReadAsync(db => LinesAsync(db, ticketIds, actor, cancellationToken), cancellationToken))
            .GroupBy(line => line.TicketId)
            .SelectMany(ticket => starred ? ticket.Any(line => line.IsFlagged) ? [] : ticket.TakeLast(1) : ticket.Where(line => line.IsFlagged))
            .Select(line => line.Id)
            .ToList();
        await filing.FlagAsync(changed, starred, actor, origin, cancellationToken);
        return changed;
    }

    /// <summary>Marks all that was received as read, or the newest of it as unread.</summary>
    /// <returns>The messages that changed.</returns>
    public async Task<IReadOnlyList<long>> MarkAsync(
        IReadOnlyCollection<long> ticketIds, bool seen, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var changed = (await ReadAsync(db => LinesAsync(db, ticketIds, actor, cancellationToken), cancellationToken))
            .Where(line => line.IsIn)
            .GroupBy(line => line.TicketId)
            .SelectMany(ticket => seen ? ticket : ticket.TakeLast(1))
            .Where(line => line.IsSeen != seen)
            .Select(line => line.Id)
            .ToList();
        await readState.MarkAsync(changed, seen, actor, origin, cancellationToken);
        return changed;
    }

    /// <summary>Takes back <see cref="StarAsync"/>.</summary>
    public Task FlagAsync(IReadOnlyCollection<long> messageIds, bool flagged, Actor actor, string origin, CancellationToken cancellationToken) =>
        filing.FlagAsync(messageIds, flagged, actor, origin, cancellationToken);

    /// <summary>Takes back <see cref="MarkAsync"/>.</summary>
    public Task MarkMessagesAsync(IReadOnlyCollection<long> messageIds, bool seen, Actor actor, string origin, CancellationToken cancellationToken) =>
        readState.MarkAsync(messageIds, seen, actor, origin, cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<FilingResult> MoveAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, FolderRole role, Actor actor, string origin, CancellationToken cancellationToken) =>
        await filing.MoveAsync(db, await FiledAsync(db, ticketIds, andSent: role is FolderRole.Trash, actor, cancellationToken), role, actor, origin, cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal Task PutBackAsync(EnneoDbContext db, IReadOnlyCollection<FiledMessage> moved, Actor actor, string origin, CancellationToken cancellationToken) =>
        filing.PutBackAsync(db, moved, actor, origin, cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<FilingResult> MoveToFolderAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, long folderId, Actor actor, string origin, CancellationToken cancellationToken) =>
        await filing.MoveToFolderAsync(db, await FiledAsync(db, ticketIds, andSent: false, actor, cancellationToken), folderId, actor, origin, cancellationToken);

    private static async Task<List<long>> FiledAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, bool andSent, Actor actor, CancellationToken cancellationToken) =>
    [
        .. (await LinesAsync(db, ticketIds, actor, cancellationToken))
            .GroupBy(line => line.TicketId)
            .SelectMany(ticket => andSent || !ticket.Any(line => line.IsIn) ? ticket : ticket.Where(line => line.IsIn))
            .Select(line => line.Id),
    ];

    /// <summary>Oldest first.</summary>
    private static async Task<List<Line>> LinesAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, Actor actor, CancellationToken cancellationToken)
    {
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        return await reach.Of(db.Messages)
            .Where(m => ticketIds.Contains(m.TicketId) && m.Direction != MessageDirection.Internal)
            .OrderBy(m => m.ReceivedAt).ThenBy(m => m.Id)
            .Select(m => new Line(m.Id, m.TicketId, m.Direction == MessageDirection.In, m.IsSeen, m.IsFlagged))
            .ToListAsync(cancellationToken);
    }

    private async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await read(db);
    }

    private sealed record Line(long Id, long TicketId, bool IsIn, bool IsSeen, bool IsFlagged);
}
