namespace Enneo.Core.Tickets.Editing;

/// <summary>Why messages did not change their ticket.</summary>
public enum RegroupingRefusal
{
    /// <summary>A ticket or message is not there any more.</summary>
    Gone,

    /// <summary>Two mailboxes are never folded into one ticket.</summary>
    OtherMailbox,

    /// <summary>There are not two tickets, or nothing would stay behind.</summary>
    NothingToDo,
}

/// <summary>What changed, which is what undoing needs.</summary>
/// <param name="TicketId">Where the messages are now.</param>
/// <param name="Former">The tickets concerned, as they were.</param>
/// <param name="After">What was decided about the ticket that took the messages in, where that changed.</param>
/// <param name="CreatedId">The ticket that was made for them; null if it was there before.</param>
public sealed record Regrouping(long TicketId, IReadOnlyList<FormerTicket> Former, TicketChange? After = null, long? CreatedId = null)
{
    /// <summary>What the ticket that took the messages in is judged to be since; the others may have been judged otherwise.</summary>
    public SpamStatus? SpamStatus { get; init; }
}

/// <param name="Done">Null when it was refused; nothing has changed then.</param>
public sealed record RegroupingResult(Regrouping? Done, RegroupingRefusal? Refusal = null)
{
    internal static RegroupingResult Refused(RegroupingRefusal refusal) => new(null, refusal);
}
