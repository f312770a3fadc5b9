using Enneo.Core.Integrations.Facts;
using Enneo.Core.Tickets;

namespace Enneo.Core.Integrations.Patching;

/// <summary>What is to be changed of a ticket; what is not given stays.</summary>
/// <param name="If">Only while the ticket still has one of these tags; null for whatever it has become.</param>
public sealed record TicketPatch(long TicketId, TagCondition? If = null)
{
    public TicketStatus? Status { get; init; }
    public Given<long?> AssigneeId { get; init; }
    public string? Subject { get; init; }

    /// <summary>Those that it shall have, and no others.</summary>
    public IReadOnlyList<long>? TagIds { get; init; }

    /// <summary>A person's verdict, or null to withdraw it.</summary>
    public Given<SpamStatus?> SpamStatus { get; init; }

    public Given<string?> ExternalId { get; init; }

    public TicketPriority? Priority { get; init; }
    public Given<DateTimeOffset?> FirstResponseDueBy { get; init; }
    public Given<DateTimeOffset?> DueBy { get; init; }
    public Given<string?> ContractId { get; init; }
    public TicketChannel? Channel { get; init; }

    /// <summary>A JSON object: keys that are named replace those of before, null takes one away.</summary>
    public string? AdditionalData { get; init; }

    /// <summary>Those who worked on it, and no others.</summary>
    public IReadOnlyList<long>? WorkedOnBy { get; init; }

    /// <summary>Whoever makes the change has worked on the ticket.</summary>
    public bool IsWork { get; init; }

    internal bool HasFacts => IsWork || ContractId.Is || Channel is not null || AdditionalData is not null || WorkedOnBy is not null;
}

public enum PatchOutcome
{
    Done,
    NotFound,

    /// <summary>The ticket is not any more what the caller saw.</summary>
    ChangedMeanwhile,
}

/// <summary>How changes ended.</summary>
/// <param name="Outcomes">One for each, in order; empty when the whole was refused.</param>
/// <param name="Errors">By index of the change and field, such as <c>0.assignee</c>.</param>
public sealed record PatchResult(IReadOnlyList<PatchOutcome> Outcomes, IReadOnlyDictionary<string, string[]> Errors);
