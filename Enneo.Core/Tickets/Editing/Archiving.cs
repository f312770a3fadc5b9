using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;

namespace Enneo.Core.Tickets.Editing;

/// <summary>What archiving changed: what undoing needs.</summary>
public sealed record Archived(FilingResult Filed, IReadOnlyList<TicketChange> Closed);

/// <summary>Archived is closed as well, as a mail that is archived in another client closes its conversation: both at once, or neither.</summary>
public sealed class Archiving(WriterLane lane, MessageFiling messages, TicketFiling filing, TicketEditing editing)
{
    /// <summary>Where no mailbox has an archive, nothing is closed either.</summary>
    public Task<Archived> RunAsync(IReadOnlyCollection<long> ticketIds, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var filed = await filing.MoveAsync(db, ticketIds, FolderRole.Archive, actor, origin, token);
            return new Archived(
                filed,
                filed is { WithoutFolder.Count: > 0, Moved.Count: 0 } ? [] : await editing.SetStatusAsync(db, ticketIds, TicketStatus.Closed, actor, origin, token));
        },
        cancellationToken);

    /// <summary>Takes both back, but for what was changed again meanwhile.</summary>
    public Task UndoAsync(Archived done, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            await messages.PutBackAsync(db, done.Filed.Moved, actor, origin, token);
            await editing.UndoAsync(db, done.Closed, actor, origin, token);
        },
        cancellationToken);
}
