using Enneo.Core.Data;
using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>The rows that intake reads and writes by the thousand. Within a transaction of the writer lane.</summary>
internal sealed class TicketRows : IDisposable
{
    private readonly long _mailboxId;
    private readonly SqlStatement _bySha256;
    private readonly SqlStatement _sentFromHere;
    private readonly SqlStatement _sentWithToken;
    private readonly SqlStatement _sentAt;
    private readonly SqlStatement _addTicket;
    private readonly SqlStatement _addMessage;
    private readonly SqlStatement _addPlace;
    private readonly SqlStatement _addPlaceUnlessMoving;
    private readonly SqlStatement _returned;
    private readonly SqlStatement _seen;
    private readonly SqlStatement _flagged;

    public TicketRows(EnneoDbContext db, long mailboxId)
    {
        _mailboxId = mailboxId;
        _bySha256 = new(db, "SELECT Id, TicketId FROM messages WHERE MailboxId = @0 AND Sha256 = @1");
        _sentFromHere = new(db, "SELECT Id, TicketId FROM messages WHERE MailboxId = @0 AND InternetMessageId = @1 AND Direction = 'Out' AND ThreadRule = 'WrittenHere'");
        _sentWithToken = new(db, """
            SELECT Id, TicketId FROM messages
            WHERE MailboxId = @0 AND InternetMessageId >= @1 || '@' AND InternetMessageId < @1 || 'A' AND Direction = 'Out' AND ThreadRule = 'WrittenHere'
            """);
        _sentAt = new(db, "SELECT Id, TicketId FROM messages WHERE TicketId = @0 AND SentAt = @1 AND Subject = @2 AND Direction = 'Out' AND ThreadRule = 'WrittenHere'");
        _addTicket = new(db, """
            INSERT INTO tickets (MailboxId, Subject, Status, CreatedAt, LastMessageAt, MessageCount, UnreadCount, HasAttachments, People, Snippet, LinkedTicketId, SpamStatus, Place, IsStarred, IsKeptApart, Version)
            VALUES (@0, @1, @2, @3, @3, 0, 0, 0, '', '', @4, @5, 'Desk', 0, 0, 0) RETURNING Id
            """);
        _addMessage = new(db, """
            INSERT INTO messages (MailboxId, TicketId, SourceId, Sha256, Direction, InternetMessageId, InReplyTo, Subject, FromName, FromAddress,
                ReplyTo, "To", Cc, Bcc, SentAt, ReceivedAt, IsSeen, IsFlagged, HasAttachments, Snippet, Size, Automatic, IsHistory, ThreadRule, ThreadDetail, Unreadable, OnServer)
            VALUES (@0, @1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16, @17, @18, @19, @20, @21, @22, @23, @24, @25, 1) RETURNING Id
            """);
        _addPlace = new(db, "INSERT OR IGNORE INTO message_folders (MessageId, FolderId) VALUES (@0, @1)");
        _addPlaceUnlessMoving = new(db, """
            INSERT OR IGNORE INTO message_folders (MessageId, FolderId)
            SELECT @0, @1 WHERE NOT EXISTS (SELECT 1 FROM server_changes WHERE MessageId = @0 AND Kind = 'Move')
            """);
        _seen = new(db, """
            UPDATE messages SET IsSeen = @1 WHERE Id = @0 AND IsSeen <> @1
                AND NOT EXISTS (SELECT 1 FROM server_changes WHERE MessageId = @0 AND Kind = 'Seen')
            """);
        _flagged = new(db, """
            UPDATE messages SET IsFlagged = @1 WHERE Id = @0 AND IsFlagged <> @1
                AND NOT EXISTS (SELECT 1 FROM server_changes WHERE MessageId = @0 AND Kind = 'Flagged')
            """);
        _returned = new(db, "UPDATE messages SET OnServer = 1 WHERE Id = @0 AND OnServer = 0");
    }

    public (long MessageId, long TicketId)? FindBySha256(byte[] sha256) => First(_bySha256, sha256);

    public (long MessageId, long TicketId)? FindSentFromHere(string internetMessageId) => First(_sentFromHere, internetMessageId);

    /// <param name="token">By which its Message-ID begins; what follows is its domain.</param>
    public (long MessageId, long TicketId)? FindSentWithToken(string token) => First(_sentWithToken, token);

    public (long MessageId, long TicketId)? FindSentAt(long ticketId, DateTimeOffset? sentAt, string subject) =>
        _sentAt.Rows(row => (row.GetInt64(0), row.GetInt64(1)), ticketId, sentAt, subject) is [var row] ? row : null;

    public long AddTicket(IncomingMessage message, TicketStatus status, long? linkedTicketId) =>
        _addTicket.Scalar(_mailboxId, message.Parsed.Subject, status, message.ReceivedAt, linkedTicketId, message.OpensAs);

    public long AddMessage(long ticketId, IncomingMessage message, Placement placement)
    {
        var parsed = message.Parsed;
        return _addMessage.Scalar(
            _mailboxId,
            ticketId,
            message.SourceId,
            message.Sha256,
            DirectionOf(message),
            parsed.InternetMessageId,
            parsed.InReplyTo,
            parsed.Subject,
            parsed.FromName,
            parsed.FromAddress,
            MailAddressesConverter.ToJson(parsed.ReplyTo),
            MailAddressesConverter.ToJson(parsed.To),
            MailAddressesConverter.ToJson(parsed.Cc),
            MailAddressesConverter.ToJson(parsed.Bcc),
            parsed.SentAt,
            message.ReceivedAt,
            message.IsSeen,
            message.IsFlagged,
            parsed.HasAttachments,
            parsed.Snippet,
            message.Size,
            parsed.Automatic,
            message.IsHistory,
            placement.Rule,
            placement.Detail,
            parsed.Unreadable);
    }

    public static MessageDirection DirectionOf(IncomingMessage message) => message.InSent || message.IsDraft ? MessageDirection.Out : MessageDirection.In;

    /// <summary>The folder in which a new message lies.</summary>
    public void AddPlace(long messageId, IncomingMessage message)
    {
        if (message.FolderId is { } folderId)
        {
            _addPlace.Execute(messageId, folderId);
        }
    }

    /// <summary>A known message lies in one more folder. Where it was moved here and that is still on its way, it stays there.</summary>
    /// <returns>Whether the server did not hold it any more until now.</returns>
    public bool MeetAgain(long messageId, IncomingMessage message)
    {
        if (message.FolderId is not { } folderId)
        {
            return false;
        }

        _addPlaceUnlessMoving.Execute(messageId, folderId);
        return _returned.Execute(messageId) > 0;
    }

    /// <returns>Whether that is new. What was changed here and is still on its way up is newer.</returns>
    public bool TakeSeen(long messageId, bool isSeen) => _seen.Execute(messageId, isSeen) > 0;

    /// <inheritdoc cref="TakeSeen"/>
    public bool TakeFlagged(long messageId, bool isFlagged) => _flagged.Execute(messageId, isFlagged) > 0;

    public void Dispose()
    {
        _bySha256.Dispose();
        _sentFromHere.Dispose();
        _sentWithToken.Dispose();
        _sentAt.Dispose();
        _addTicket.Dispose();
        _addMessage.Dispose();
        _addPlace.Dispose();
        _addPlaceUnlessMoving.Dispose();
        _seen.Dispose();
        _flagged.Dispose();
        _returned.Dispose();
    }

    private (long MessageId, long TicketId)? First(SqlStatement statement, object key) =>
        statement.Rows(row => (row.GetInt64(0), row.GetInt64(1)), _mailboxId, key) is [var row, ..] ? row : null;
}
