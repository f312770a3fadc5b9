using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Tickets.Editing;

/// <summary>
/// Status, assignee, snooze, priority and due times of any number of tickets. Each operation is one transaction and
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

    public Task<IReadOnlyList<TicketChange>> SetPriorityAsync(
        IReadOnlyCollection<long> ticketIds, TicketPriority priority, Actor actor, string origin, CancellationToken cancellationToken) =>
        EditAsync(ticketIds, state => state with { Priority = priority }, actor, origin, cancellationToken);

    /// <param name="firstResponseDueBy">Null for no such time.</param>
    /// <param name="dueBy">Likewise.</param>
    public Task<IReadOnlyList<TicketChange>> SetDueAsync(
        IReadOnlyCollection<long> ticketIds, DateTimeOffset? firstResponseDueBy, DateTimeOffset? dueBy, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        ticketIds,
        state => state with { FirstResponseDueBy = firstResponseDueBy is { } first ? Stored(first) : null, DueBy = dueBy is { } at ? Stored(at) : null },
        actor, origin, cancellationToken);

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

    /// <summary>Priority and due times of one. Within a transaction of the writer lane.</summary>
    internal Task<IReadOnlyList<TicketChange>> PromiseAsync(
        EnneoDbContext db, long ticketId, Func<TicketState, TicketState> promise, Actor actor, string origin, CancellationToken cancellationToken) => EditAsync(
        db,
        [ticketId],
        state => promise(state) is var next
            ? next with { FirstResponseDueBy = next.FirstResponseDueBy is { } first ? Stored(first) : null, DueBy = next.DueBy is { } at ? Stored(at) : null }
            : state,
        actor, origin, cancellationToken);

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

        if (before.Priority != after.Priority)
        {
            yield return Entry(ActivityKind.TicketPriorityChanged, ("priority", before.Priority.ToString(), after.Priority.ToString()));
        }

        if ((before.FirstResponseDueBy, before.DueBy) != (after.FirstResponseDueBy, after.DueBy))
        {
            yield return Entry(ActivityKind.TicketDueChanged, ("firstResponseDueBy", before.FirstResponseDueBy, after.FirstResponseDueBy), ("dueBy", before.DueBy, after.DueBy));
        }

        ActivityEntry Entry(ActivityKind kind, params ReadOnlySpan<(string, object?, object?)> changes) =>
            ActivityEntry.Of(kind, actor, origin, clock, ticket.MailboxId, ticket.Id, changes: changes);
    }

    /// <summary>Changes one that is tracked, within a transaction of the writer lane.</summary>
    /// <returns>Null where it is so already.</returns>
    internal static TicketChange? Edit(EnneoDbContext db, Ticket ticket, Func<TicketState, TicketState> edit, Actor actor, string origin, TimeProvider clock)
    {
        var before = TicketState.Of(ticket);
        var after = edit(before);
        if (before == after)
        {
            return null;
        }

        after.ApplyTo(ticket);
        db.Activity.AddRange(EntriesOf(ticket, before, after, actor, origin, clock));
        return new TicketChange(ticket.Id, before, after);
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
            if (Edit(db, ticket, state => edit(ticket.Id, state), actor, origin, clock) is { } change)
            {
                changes.Add(change);
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
