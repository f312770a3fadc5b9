using Enneo.Core.Tickets.Editing;

namespace Enneo.Core.Tags;

/// <summary>How a tag stands to a ticket.</summary>
public sealed record TagStanding(TagSource Source, long? PersonId, string Reason, DateTimeOffset At, bool IsTakenOff)
{
    internal static TagStanding? Of(TicketTag? row) => row is null ? null : new(row.Source, row.PersonId, row.Reason, row.At, row.IsTakenOff);
}

/// <summary>A tag of a ticket before and after it was given or taken off: what undoing needs.</summary>
/// <param name="Before">Null where they had nothing to do with each other.</param>
/// <param name="After">Likewise.</param>
public sealed record TagChange(long TicketId, long TagId, TagStanding? Before, TagStanding? After)
{
    /// <summary>What its promise changed of the ticket; null where it promises nothing that was not so already.</summary>
    internal TicketChange? Promised { get; init; }
}

/// <summary>What detection found out: a tag, by what, and why.</summary>
public sealed record TagFinding(long TagId, TagSource Source, TagReason Reason);
