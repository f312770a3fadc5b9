using Enneo.Core.Data;

namespace Enneo.Core.Tickets;

/// <summary>The moment of the message that decides whether a ticket of history is open.</summary>
/// <param name="IsEvent">An automatic reply or a bounce: it decides only where nobody wrote.</param>
internal readonly record struct Decision(bool IsEvent, DateTimeOffset At) : IComparable<Decision>
{
    /// <summary>To the millisecond, as it is stored.</summary>
    public int CompareTo(Decision other) =>
        IsEvent == other.IsEvent ? At.ToUnixTimeMilliseconds().CompareTo(other.At.ToUnixTimeMilliseconds()) : IsEvent ? -1 : 1;
}

/// <summary>
/// Whether a ticket of history is open: its newest message decides, whatever order its messages and
/// folders come in, and open wins where two came at the same moment. Within a transaction of the writer lane.
/// </summary>
internal sealed class TicketHistory : IDisposable
{
    private readonly SqlStatement _newestWritten;
    private readonly SqlStatement _newest;
    private readonly SqlStatement _status;
    private readonly SqlStatement _setStatus;
    private readonly SqlStatement _snoozed;
    private readonly SqlStatement _wake;
    private readonly SqlStatement _spam;

    public TicketHistory(EnneoDbContext db)
    {
        _newestWritten = new(db, "SELECT ReceivedAt FROM messages WHERE TicketId = @0 AND Automatic NOT IN ('AutoReply', 'Bounce') AND Direction <> 'Internal' ORDER BY ReceivedAt DESC LIMIT 1");
        _newest = new(db, "SELECT ReceivedAt FROM messages WHERE TicketId = @0 AND Direction <> 'Internal' ORDER BY ReceivedAt DESC LIMIT 1");
        _status = new(db, "SELECT Status FROM tickets WHERE Id = @0");
        _setStatus = new(db, "UPDATE tickets SET Status = @1, Version = Version + 1 WHERE Id = @0 AND Status <> @1");
        _snoozed = new(db, "SELECT SnoozedUntil FROM tickets WHERE Id = @0 AND SnoozedUntil IS NOT NULL");
        _wake = new(db, "UPDATE tickets SET SnoozedUntil = NULL, Version = Version + 1 WHERE Id = @0");
        _spam = new(db, "SELECT 1 FROM tickets WHERE Id = @0 AND SpamStatus IN ('AutoSpam', 'AutoProgrammatic', 'ManualSpam')");
    }

    public static TicketStatus Of(TicketStatus one, Decision oneDecidedAt, TicketStatus other, Decision otherDecidedAt) =>
        oneDecidedAt.CompareTo(otherDecidedAt) switch
        {
            > 0 => one,
            < 0 => other,
            _ => other is TicketStatus.Open ? other : one,
        };

    public TicketStatus StatusOf(long ticketId) => _status.Rows(row => Enum.Parse<TicketStatus>(row.GetString(0)), ticketId)[0];

    public bool IsSpam(long ticketId) => _spam.Rows(_ => true, ticketId).Count > 0;

    public Decision DecidedAt(long ticketId) =>
        At(_newestWritten, ticketId) is { } written ? new(IsEvent: false, written) : new(IsEvent: true, At(_newest, ticketId) ?? DateTimeOffset.MinValue);

    /// <summary>What two tickets are once they are one.</summary>
    public TicketStatus OfBoth(long one, long other) => Of(StatusOf(one), DecidedAt(one), StatusOf(other), DecidedAt(other));

    public void SetStatus(long ticketId, TicketStatus status) => _setStatus.Execute(ticketId, status);

    /// <returns>Until when it would have been snoozed; null if it was not.</returns>
    public DateTimeOffset? Wake(long ticketId)
    {
        var until = At(_snoozed, ticketId);
        if (until is not null)
        {
            _wake.Execute(ticketId);
        }

        return until;
    }

    public void Dispose()
    {
        _newestWritten.Dispose();
        _spam.Dispose();
        _newest.Dispose();
        _status.Dispose();
        _setStatus.Dispose();
        _snoozed.Dispose();
        _wake.Dispose();
    }

    private static DateTimeOffset? At(SqlStatement statement, long ticketId) =>
        statement.Rows(row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0)), ticketId) is [var at, ..] ? at : null;
}
