using Enneo.Core.Data;
using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>
/// Keeps the columns by which the list shows a ticket true to its messages: always computed from
/// them, never counted up and down. Runs within a transaction of the writer lane.
/// </summary>
public sealed class TicketSummaries : IDisposable
{
    private const int MaxPeople = 4;

    /// <summary>A message that lies in several folders counts where it is most at hand, the last of these.</summary>
    private static readonly TicketPlace[] s_places = [TicketPlace.Trash, TicketPlace.Junk, TicketPlace.Drafts, TicketPlace.Desk];

    private readonly SqlStatement _messages;
    private readonly SqlStatement _update;
    private readonly SqlStatement _leaveFolders;
    private readonly SqlStatement _enterFolders;

    public TicketSummaries(EnneoDbContext db)
    {
        _messages = new(db, """
            SELECT FromName, FromAddress, Direction, IsSeen, HasAttachments, ReceivedAt, Subject, Snippet, IsFlagged,
                coalesce(
                    (SELECT max(CASE f.Role WHEN 'Trash' THEN 0 WHEN 'Junk' THEN 1 WHEN 'Drafts' THEN 2 ELSE 3 END)
                     FROM message_folders p JOIN folders f ON f.Id = p.FolderId WHERE p.MessageId = m.Id),
                    CASE WHEN OnServer = 1 THEN 3 ELSE 0 END),
                (SELECT SpamStatus FROM tickets WHERE Id = @0)
            FROM messages m WHERE TicketId = @0 AND NOT (Direction = 'Out' AND Automatic = 'AutoReply') AND Direction <> 'Internal' ORDER BY ReceivedAt, Id
            """);
        _update = new(db, """
            UPDATE tickets SET Subject = coalesce(GivenSubject, @1), CreatedAt = @2, LastMessageAt = @3, MessageCount = @4, UnreadCount = @5,
                HasAttachments = @6, People = @7, Snippet = @8, IsStarred = @9, LastSentAt = @10, Place = @11, Version = Version + 1
            WHERE Id = @0
            """);
        _leaveFolders = new(db, "DELETE FROM ticket_folders WHERE TicketId = @0");
        _enterFolders = new(db, """
            INSERT INTO ticket_folders (TicketId, FolderId, ListedAt)
            SELECT DISTINCT t.Id, p.FolderId, t.ListedAt
            FROM message_folders p JOIN messages m ON m.Id = p.MessageId JOIN tickets t ON t.Id = m.TicketId WHERE t.Id = @0
            """);
    }

    /// <returns>False when the ticket has no message but notes; its row is then left as it is.</returns>
    public bool Refresh(long ticketId)
    {
        var messages = _messages.Rows(
            row => new Line(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2) == nameof(MessageDirection.In),
                row.GetBoolean(3),
                row.GetBoolean(4),
                row.GetInt64(5),
                row.GetString(6),
                row.GetString(7),
                row.GetBoolean(8),
                s_places[row.GetInt32(9)],
                row.IsDBNull(10) ? null : Enum.Parse<SpamStatus>(row.GetString(10))),
            ticketId);
        if (messages.Count == 0)
        {
            return false;
        }

        var newest = messages[^1];
        _update.Execute(
            ticketId,
            messages[0].Subject,
            messages[0].ReceivedAt,
            newest.ReceivedAt,
            messages.Count,
            messages.Count(m => m is { IsIn: true, IsSeen: false }),
            messages.Any(m => m.HasAttachments),
            People(messages),
            newest.Snippet,
            messages.Any(m => m.IsFlagged),
            messages.LastOrDefault(m => !m.IsIn)?.ReceivedAt,
            PlaceOf(messages, messages[0].SpamStatus));
        _leaveFolders.Execute(ticketId);
        _enterFolders.Execute(ticketId);
        return true;
    }

    public void Dispose()
    {
        _messages.Dispose();
        _update.Dispose();
        _leaveFolders.Dispose();
        _enterFolders.Dispose();
    }

    /// <summary>What it received decides, and whether it is spam; a ticket in which only we wrote goes by that.</summary>
    private static TicketPlace PlaceOf(List<Line> messages, SpamStatus? spamStatus)
    {
        var deciding = messages.Exists(m => m.IsIn) ? messages.Where(m => m.IsIn) : messages;
        var place = deciding.Select(m => m.Place).MaxBy(place => Array.IndexOf(s_places, place));
        return place switch
        {
            TicketPlace.Desk when spamStatus.IsSpam() => TicketPlace.Junk,
            TicketPlace.Junk when spamStatus is SpamStatus.AutoClean or SpamStatus.ManualClean => TicketPlace.Desk,
            _ => place,
        };
    }

    /// <summary>One name alone is whole; several are shortened to first names after the first, as mail clients do.</summary>
    private static string People(List<Line> messages)
    {
        var names = messages
            .Select(m => m.Name.Length > 0 ? m.Name : m.Address)
            .Where(name => name.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        var shown = names.Take(MaxPeople).Select((name, index) => index == 0 ? name : FirstName(name));
        return string.Join(", ", shown) + (names.Count > MaxPeople ? ", …" : "");
    }

    private static string FirstName(string name) =>
        name.Contains('@', StringComparison.Ordinal) || name.Contains(',', StringComparison.Ordinal) ? name : name.Split(' ', 2)[0];

    private sealed record Line(string Name, string Address, bool IsIn, bool IsSeen, bool HasAttachments, long ReceivedAt, string Subject, string Snippet, bool IsFlagged, TicketPlace Place, SpamStatus? SpamStatus);
}
