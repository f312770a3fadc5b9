namespace Enneo.Core.Messages.Calendar;

/// <summary>What a calendar part asks for or tells (RFC 5546).</summary>
public enum InvitationKind
{
    /// <summary>An event to take note of.</summary>
    Event,
    Request,
    Accepted,
    Declined,
    Tentative,
    Cancelled,
}

/// <summary>The first event of a calendar part, as far as a card shows it.</summary>
/// <param name="PartIndex">The part it was read from.</param>
/// <param name="End">Null if it has none.</param>
/// <param name="IsAllDay">Days without times: the same days wherever one is.</param>
/// <param name="Repeats">By a rule, which is not unrolled.</param>
/// <param name="Organizer">A name or an address; may be empty.</param>
public sealed record Invitation(
    int PartIndex, InvitationKind Kind, string Title, DateTimeOffset Start, DateTimeOffset? End, bool IsAllDay, bool Repeats, string Place, string Organizer);
