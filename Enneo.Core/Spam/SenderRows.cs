using System.Text.Json;
using Enneo.Core.Data;
using Enneo.Core.Spam.Headers;
using Enneo.Core.Tickets;

namespace Enneo.Core.Spam;

/// <summary>What stands in the tables about senders, asked anew for each mail that comes: by statements that the writer lane keeps.</summary>
internal sealed class SenderRows : IDisposable
{
    private readonly SqlStatement _listed;
    private readonly SqlStatement _writtenTo;
    private readonly SqlStatement _calledClean;
    private readonly SqlStatement _pins;
    private readonly SqlStatement _ownAddresses;
    private readonly SqlStatement _setting;

    private readonly long _mailboxId;
    private readonly string _addresses;

    /// <param name="addresses">In lower case.</param>
    public SenderRows(EnneoDbContext db, long mailboxId, IReadOnlyList<string> addresses)
    {
        (_mailboxId, _addresses) = (mailboxId, JsonSerializer.Serialize(addresses));
        _listed = new(db, "SELECT Sender, IsTrusted FROM spam_senders WHERE MailboxId IS NULL OR MailboxId = @0 ORDER BY MailboxId IS NOT NULL");
        _writtenTo = new(db, "SELECT MailboxId, Address FROM contacts WHERE Sent > 0 AND Address IN (SELECT value FROM json_each(@0))");
        _calledClean = new(db, """
            SELECT DISTINCT Address FROM ticket_participants AS p
            WHERE Address IN (SELECT value FROM json_each(@0)) AND HasWritten
                AND EXISTS (SELECT 1 FROM tickets AS t WHERE t.Id = p.TicketId AND t.MailboxId = @1 AND t.SpamStatus = @2)
            """);
        _pins = new(db, "SELECT FromDomain, Via FROM dmarc_exceptions WHERE MailboxId IS NULL OR MailboxId = @0");
        _ownAddresses = new(db, "SELECT Address FROM mailboxes WHERE RemovedAt IS NULL");
        _setting = new(db, "SELECT Value FROM settings WHERE Name = @0");
    }

    public void Dispose()
    {
        _listed.Dispose();
        _writtenTo.Dispose();
        _calledClean.Dispose();
        _pins.Dispose();
        _ownAddresses.Dispose();
        _setting.Dispose();
    }

    /// <returns>Addresses and domains; what holds for all mailboxes comes before what holds for this one.</returns>
    public List<(string Sender, bool IsTrusted)> Listed() => _listed.Rows(row => (row.GetString(0), row.GetBoolean(1)), _mailboxId);

    /// <returns>To whom somebody has written, and from which mailbox.</returns>
    public List<(long MailboxId, string Address)> WrittenTo() => _writtenTo.Rows(row => (row.GetInt64(0), row.GetString(1)), _addresses);

    /// <returns>Who wrote in a conversation of the mailbox that a person called clean.</returns>
    public List<string> CalledClean() => _calledClean.Rows(row => row.GetString(0), _addresses, _mailboxId, SpamStatus.ManualClean);

    public List<DmarcPin> Pins() => _pins.Rows(row => new DmarcPin(row.GetString(0), row.GetString(1)), _mailboxId);

    /// <returns>The addresses of all mailboxes.</returns>
    public List<string> OwnAddresses() => _ownAddresses.Rows(row => row.GetString(0));

    public string? Setting(string name) => _setting.Rows(row => row.GetString(0), name).FirstOrDefault();
}
