using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>
/// Status, assignee and snooze of any number of tickets. Each operation is one transaction and
/// returns what it changed; tickets that do not exist for the actor or are so already are passed over.
/// </summary>
public sealed class TicketEditing(WriterLane lane, TimeProvider clock)
{
    /// <summary>What is closed is not snoozed any more: nothing shall bring it back but mail.</summary>
    public Task<IReadOnlyList<TicketChange>> SetStatusAsync(
        IReadOnlyCollection<long> ticketIds, TicketStatus status, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => SetStatusAsync(db, ticketIds, status, actor, origin, token), cancellationToken);

    /// <param name="assigneeId">Null for nobody. Tickets that this person may not see, or could not if they existed, are passed over.</param>
    public Task<IReadOnlyList<TicketChange>> AssignAsync(
        IReadOnlyCollection<long> ticketIds, long? assigneeId, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => AssignAsync(db, ticketIds, assigneeId, actor, origin, token), cancellationToken);

    /// <summary>Puts tickets out of sight until then. A closed one is opened by it, or it would never be seen again. What comes back stands on top.</summary>
    /// <param name="until">Null brings them back now; a moment that has passed changes nothing.</param>
    public Task<IReadOnlyList<TicketChange>> SnoozeAsync(
        IReadOnlyCollection<long> ticketIds, DateTimeOffset? until, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (until <= clock.GetUtcNow())
        {
            return Task.FromResult<IReadOnlyList<TicketChange>>([]);
        }

        var now = Stored(clock.GetUtcNow());
        return EditAsync(
            ticketIds,
            state => until is { } at
                ? state with { SnoozedUntil = Stored(at), Status = state.Status is TicketStatus.Closed ? TicketStatus.Open : state.Status }
                : state.SnoozedUntil is null ? state : state with { SnoozedUntil = null, WokenAt = now },
            actor, origin, cancellationToken);
    }

    /// <summary>Takes changes back, but for what was changed again meanwhile.</summary>
    public Task<IReadOnlyList<TicketChange>> UndoAsync(
        IReadOnlyList<TicketChange> changes, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => UndoAsync(db, changes, actor, origin, token), cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal async Task<IReadOnlyList<TicketChange>> AssignAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, long? assigneeId, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var theirs = assigneeId is { } id ? await Reaches.OfAsync(db, id, cancellationToken) : Reach.All;
        var seen = await theirs.Of(db.Tickets).Where(t => ticketIds.Contains(t.Id)).Select(t => t.Id).ToListAsync(cancellationToken);
        return await EditAsync(db, seen, state => state with { AssigneeId = assigneeId }, actor, origin, cancellationToken);
    }

    /// <summary>Within a transaction of the writer lane.</summary>
    internal Task<IReadOnlyList<TicketChange>> SetStatusAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, TicketStatus status, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        db,
        ticketIds,
        state => state with { Status = status, SnoozedUntil = status is TicketStatus.Closed ? null : state.SnoozedUntil },
        actor, origin, cancellationToken);

    /// <summary>Within a transaction of the writer lane.</summary>
    internal Task<IReadOnlyList<TicketChange>> UndoAsync(
        EnneoDbContext db, IReadOnlyList<TicketChange> changes, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var made = changes.ToDictionary(change => change.TicketId);
        return EditAsync(db, made.Keys, (id, state) => state.Without(made[id]), actor, origin, cancellationToken);
    }

    /// <summary>The activity of a change, an entry for each field.</summary>
    internal static IEnumerable<ActivityEntry> EntriesOf(Ticket ticket, TicketState before, TicketState after, Actor actor, string origin, TimeProvider clock)
    {
        if (before.Status != after.Status)
        {
            yield return Entry(ActivityKind.TicketStatusChanged, ("status", before.Status.ToString(), after.Status.ToString()));
        }

        if (before.AssigneeId != after.AssigneeId)
        {
            yield return Entry(ActivityKind.TicketAssigned, ("assignee", before.AssigneeId, after.AssigneeId));
        }

        if (before.SnoozedUntil != after.SnoozedUntil)
        {
            yield return Entry(ActivityKind.TicketSnoozed, ("snoozedUntil", before.SnoozedUntil, after.SnoozedUntil));
        }

        ActivityEntry Entry(ActivityKind kind, (string, object?, object?) change) =>
            ActivityEntry.Of(kind, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: change);
    }

    /// <summary>To the millisecond.</summary>
    private static DateTimeOffset Stored(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    private Task<IReadOnlyList<TicketChange>> EditAsync(
        IReadOnlyCollection<long> ticketIds, Func<TicketState, TicketState> edit, Actor actor, string origin, CancellationToken cancellationToken) =>
        lane.RunAsync((db, token) => EditAsync(db, ticketIds, edit, actor, origin, token), cancellationToken);

    private Task<IReadOnlyList<TicketChange>> EditAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, Func<TicketState, TicketState> edit, Actor actor, string origin, CancellationToken cancellationToken) =>
        EditAsync(db, ticketIds, (_, state) => edit(state), actor, origin, cancellationToken);

    private async Task<IReadOnlyList<TicketChange>> EditAsync(
        EnneoDbContext db, IReadOnlyCollection<long> ticketIds, Func<long, TicketState, TicketState> edit, Actor actor, string origin, CancellationToken cancellationToken)
    {
        List<TicketChange> changes = [];
        var reach = await Reaches.OfAsync(db, actor, cancellationToken);
        foreach (var ticket in await reach.Of(db.Tickets).Where(t => ticketIds.Contains(t.Id)).ToListAsync(cancellationToken))
        {
            var before = TicketState.Of(ticket);
            var after = edit(ticket.Id, before);
            if (before != after)
            {
                after.ApplyTo(ticket);
                db.Activity.AddRange(EntriesOf(ticket, before, after, actor, origin, clock));
                changes.Add(new TicketChange(ticket.Id, before, after));
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await ListAnewAsync(db, [.. changes.Where(change => change.Before.WokenAt != change.After.WokenAt).Select(change => change.TicketId)], cancellationToken);
        return changes;
    }

    /// <summary>The lists of folders keep the order of their tickets.</summary>
    private static async Task ListAnewAsync(EnneoDbContext db, IReadOnlyCollection<long> ticketIds, CancellationToken cancellationToken)
    {
        if (ticketIds.Count > 0)
        {
            await db.TicketFolders.Where(p => ticketIds.Contains(p.TicketId)).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.ListedAt, p => db.Tickets.Where(t => t.Id == p.TicketId).Select(t => t.ListedAt).First()), cancellationToken);
        }
    }
}
