using Enneo.Core.Data;
using Enneo.Core.Messages;

namespace Enneo.Core.Tickets;

/// <summary>The rows by which threading finds tickets: Message-IDs and participants. Within a transaction of the writer lane.</summary>
internal sealed class ThreadIndex : IDisposable
{
    private readonly long _mailboxId;
    private readonly SqlStatement _ticketsByKey;
    private readonly SqlStatement _takesPart;
    private readonly SqlStatement _writers;
    private readonly SqlStatement _addKey;
    private readonly SqlStatement _addParticipant;
    private readonly SqlStatement _sentFrom;
    private readonly SqlStatement _sentFromHere;
    private readonly SqlStatement _surviving;
    private readonly SqlStatement _keptApart;
    private readonly SqlStatement _holdsOtherMail;
    private readonly SqlStatement _forgetReturned;
    private readonly SqlStatement _explainBounce;
    private readonly SqlStatement _link;

    public ThreadIndex(EnneoDbContext db, long mailboxId)
    {
        _mailboxId = mailboxId;
        _ticketsByKey = new(db, "SELECT TicketId, MessageId IS NOT NULL FROM thread_keys WHERE MailboxId = @0 AND InternetMessageId = @1 ORDER BY MessageId IS NULL, TicketId");
        _takesPart = new(db, "SELECT count(*) FROM ticket_participants WHERE TicketId = @0 AND Address = @1");
        _writers = new(db, "SELECT Address FROM ticket_participants WHERE TicketId = @0 AND HasWritten = 1");
        _addKey = new(db, """
            INSERT INTO thread_keys (MailboxId, InternetMessageId, TicketId, MessageId) VALUES (@0, @1, @2, @3)
            ON CONFLICT DO UPDATE SET MessageId = coalesce(MessageId, excluded.MessageId)
            """);
        _addParticipant = new(db, """
            INSERT INTO ticket_participants (TicketId, Address, HasWritten) VALUES (@0, @1, @2)
            ON CONFLICT DO UPDATE SET HasWritten = max(HasWritten, excluded.HasWritten)
            """);
        _sentFrom = new(db, """
            SELECT k.TicketId FROM thread_keys k JOIN messages m ON m.Id = k.MessageId
            WHERE k.MailboxId = @0 AND k.InternetMessageId = @1 AND m.Direction = 'Out'
            """);
        _sentFromHere = new(db, """
            SELECT m.Id, m.TicketId FROM thread_keys k JOIN messages m ON m.Id = k.MessageId
            WHERE k.MailboxId = @0 AND k.InternetMessageId = @1 AND m.Direction = 'Out' AND m.ThreadRule = 'WrittenHere'
            """);
        _surviving = new(db, "SELECT Id FROM tickets WHERE MailboxId = @1 AND Id = coalesce((SELECT IntoId FROM ticket_merges WHERE TicketId = @0), @0)");
        _keptApart = new(db, "SELECT count(*) FROM tickets WHERE Id = @0 AND IsKeptApart = 1");
        _holdsOtherMail = new(db, "SELECT count(*) FROM (SELECT 1 FROM messages WHERE TicketId = @0 AND Automatic <> 'Bounce' LIMIT 1)");
        _forgetReturned = new(db, "DELETE FROM thread_keys WHERE TicketId = @0 AND MessageId IS NULL");
        _explainBounce = new(db, "UPDATE messages SET ThreadRule = 'Bounce', ThreadDetail = @1 WHERE TicketId = @0 AND Automatic = 'Bounce'");
        _link = new(db, "UPDATE tickets SET LinkedTicketId = @1, Version = Version + 1 WHERE Id = @0 AND LinkedTicketId IS NULL AND Id <> @1");
    }

    /// <summary>Tickets that have the message, then those that have only one that refers to it.</summary>
    public List<(long TicketId, bool HasIt)> TicketsBy(string internetMessageId) =>
        InEachForm(internetMessageId, id => _ticketsByKey.Rows(row => (row.GetInt64(0), row.GetBoolean(1)), _mailboxId, id));

    /// <summary>Tickets in which we sent the message.</summary>
    public List<long> TicketsWeSentIn(string internetMessageId) =>
        InEachForm(internetMessageId, id => _sentFrom.Rows(row => row.GetInt64(0), _mailboxId, id));

    /// <returns>What was written here and is known by this id as well; null if nothing is.</returns>
    public (long MessageId, long TicketId)? SentFromHereAs(string internetMessageId) =>
        InEachForm(internetMessageId, id => _sentFromHere.Rows(row => (row.GetInt64(0), row.GetInt64(1)), _mailboxId, id)) is [var sent, ..] ? sent : null;

    /// <summary>One more id by which a message of the ticket is known.</summary>
    public void AddId(long ticketId, long messageId, string internetMessageId) => _addKey.Execute(_mailboxId, internetMessageId, ticketId, messageId);

    /// <returns>The ticket, or the one it was folded into; null if it is of another mailbox or gone.</returns>
    public long? Surviving(long ticketId) => _surviving.Rows(row => row.GetInt64(0), ticketId, _mailboxId) is [var id] ? id : null;

    /// <summary>A person arranged its messages, which threading leaves alone.</summary>
    public bool IsKeptApart(long ticketId) => _keptApart.Scalar(ticketId) > 0;

    public bool TakesPart(long ticketId, string address) => address.Length > 0 && _takesPart.Scalar(ticketId, address) > 0;

    public List<string> Writers(long ticketId) => _writers.Rows(row => row.GetString(0), ticketId);

    /// <summary>Nothing but bounces: a ticket that waits for the mail that they return.</summary>
    public bool HasBouncesOnly(long ticketId) => _holdsOtherMail.Scalar(ticketId) == 0;

    /// <summary>The mail that the bounces of a ticket return has been found; whatever else they name leads nowhere.</summary>
    public void Settle(long ticketId, string internetMessageId)
    {
        _forgetReturned.Execute(ticketId);
        _explainBounce.Execute(ticketId, internetMessageId);
    }

    /// <summary>Notes that a ticket quotes ids of another one.</summary>
    public void Link(long ticketId, long quotedTicketId) => _link.Execute(ticketId, quotedTicketId);

    /// <summary>Makes the message and what it refers to lead to its ticket, and its people take part in it.</summary>
    public void Add(long ticketId, long messageId, ParsedMessage message, ThreadRule rule)
    {
        if (message.InternetMessageId.Length > 0)
        {
            _addKey.Execute(_mailboxId, message.InternetMessageId, ticketId, messageId);
        }

        var isReport = message.Automatic is AutomaticKind.Bounce && message.ReturnedMessageIds.Count > 0;
        var quoted = rule is ThreadRule.Bounce ? [] : isReport ? message.ReturnedMessageIds : message.References.Append(message.InReplyTo);
        foreach (var id in quoted.Where(id => id.Length > 0).Distinct(StringComparer.Ordinal))
        {
            _addKey.Execute(_mailboxId, id, ticketId, null);
        }

        if (isReport)
        {
            return; // it is believed whoever sends it, so whoever sends it gains nothing by it
        }

        AddParticipant(ticketId, message.FromAddress, hasWritten: true);
        foreach (var address in message.ReplyTo.Concat(message.To).Concat(message.Cc))
        {
            AddParticipant(ticketId, address.Address, hasWritten: false);
        }
    }

    public void Dispose()
    {
        _ticketsByKey.Dispose();
        _takesPart.Dispose();
        _writers.Dispose();
        _addKey.Dispose();
        _addParticipant.Dispose();
        _sentFrom.Dispose();
        _sentFromHere.Dispose();
        _surviving.Dispose();
        _keptApart.Dispose();
        _holdsOtherMail.Dispose();
        _forgetReturned.Dispose();
        _explainBounce.Dispose();
        _link.Dispose();
    }

    private static List<T> InEachForm<T>(string internetMessageId, Func<string, List<T>> find)
    {
        var found = find(internetMessageId);
        return GivenMessageIds.WithoutRegion(internetMessageId) is { } id ? [.. found.Concat(find(id)).Distinct()] : found;
    }

    private void AddParticipant(long ticketId, string address, bool hasWritten)
    {
        if (address.Length > 0)
        {
            _addParticipant.Execute(ticketId, address.ToLowerInvariant(), hasWritten);
        }
    }
}
