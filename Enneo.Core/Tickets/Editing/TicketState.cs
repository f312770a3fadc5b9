namespace Enneo.Core.Tickets.Editing;

/// <summary>What people decide about a ticket.</summary>
public sealed record TicketState(TicketStatus Status, long? AssigneeId, DateTimeOffset? SnoozedUntil, DateTimeOffset? WokenAt)
{
    public TicketPriority Priority { get; init; } = TicketPriority.Medium;

    public DateTimeOffset? FirstResponseDueBy { get; init; }

    public DateTimeOffset? DueBy { get; init; }

    internal static TicketState Of(Ticket ticket) => new(ticket.Status, ticket.AssigneeId, ticket.SnoozedUntil, ticket.WokenAt)
    {
        Priority = ticket.Priority,
        FirstResponseDueBy = ticket.FirstResponseDueBy,
        DueBy = ticket.DueBy,
    };

    internal void ApplyTo(Ticket ticket)
    {
        (ticket.Status, ticket.AssigneeId, ticket.SnoozedUntil, ticket.WokenAt) = (Status, AssigneeId, SnoozedUntil, WokenAt);
        (ticket.Priority, ticket.FirstResponseDueBy, ticket.DueBy) = (Priority, FirstResponseDueBy, DueBy);
        ticket.Version++;
    }

    /// <summary>Takes one change back, but only what nobody has changed since.</summary>
    internal TicketState Without(TicketChange change) => new(
        Back(Status, change.After.Status, change.Before.Status),
        Back(AssigneeId, change.After.AssigneeId, change.Before.AssigneeId),
        Back(SnoozedUntil, change.After.SnoozedUntil, change.Before.SnoozedUntil),
        Back(WokenAt, change.After.WokenAt, change.Before.WokenAt))
    {
        Priority = Back(Priority, change.After.Priority, change.Before.Priority),
        FirstResponseDueBy = Back(FirstResponseDueBy, change.After.FirstResponseDueBy, change.Before.FirstResponseDueBy),
        DueBy = Back(DueBy, change.After.DueBy, change.Before.DueBy),
    };

    private static T Back<T>(T now, T after, T before) => EqualityComparer<T>.Default.Equals(now, after) ? before : now;
}

/// <summary>A ticket before and after it was edited: what undoing needs.</summary>
public sealed record TicketChange(long TicketId, TicketState Before, TicketState After);
