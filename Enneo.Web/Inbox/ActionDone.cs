namespace Enneo.Web.Inbox;

/// <summary>Something was done to conversations by the person in front of this screen.</summary>
/// <param name="GoTo">The conversation in which its messages are now.</param>
/// <param name="Closes">Whoever did it is done reading it for now.</param>
public sealed record ActionDone(IReadOnlyCollection<long> TicketIds, long? GoTo = null, bool Closes = false)
{
    /// <summary>Null when none of them was open in a list that shows it.</summary>
    public ReadingPlace? Place { get; init; }
}

/// <summary>Where somebody read when they began to do something: once it is done, others may have moved the list on.</summary>
/// <param name="TicketId">The open conversation.</param>
/// <param name="Next">The one to go on with; null when none is left.</param>
public sealed record ReadingPlace(long TicketId, long? Next);
