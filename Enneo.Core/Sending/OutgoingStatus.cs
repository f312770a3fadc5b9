namespace Enneo.Core.Sending;

/// <summary>Where a mail is on its way.</summary>
/// <param name="UndoUntil">While now is before this, it can be taken back; null when it cannot.</param>
/// <param name="NextAttemptAt">Only while queued after a failed attempt.</param>
public sealed record OutgoingStatus(
    long Id,
    long MessageId,
    long TicketId,
    DeliveryState State,
    string? ServerText,
    DateTimeOffset? UndoUntil,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? SentAt)
{
    /// <summary>In words, why the server does not take the copy into Sent; null when it did, or nothing is wrong.</summary>
    public string? CopyRefusal { get; init; }

    /// <summary>What it is again when it is taken back.</summary>
    public long DraftId { get; init; }

    internal static OutgoingStatus Of(OutgoingMessage outgoing)
    {
        var waits = outgoing.State is DeliveryState.Queued;
        return new OutgoingStatus(
            outgoing.Id,
            outgoing.MessageId,
            outgoing.TicketId,
            outgoing.State,
            outgoing.ServerText,
            UndoUntil: waits && outgoing.Attempts == 0 ? outgoing.NextAttemptAt : null,
            NextAttemptAt: waits && outgoing.Attempts > 0 ? outgoing.NextAttemptAt : null,
            outgoing.SentAt)
        {
            DraftId = outgoing.DraftId,
            CopyRefusal = outgoing.FilingRefusal,
        };
    }
}

/// <summary>Why a draft cannot be sent as it is; null members are fine.</summary>
public sealed record SendResult(OutgoingStatus? Outgoing, string? Problem);
