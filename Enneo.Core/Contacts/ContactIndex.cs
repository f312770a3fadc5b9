using Enneo.Core.Data;
using Enneo.Core.Messages;

namespace Enneo.Core.Contacts;

/// <summary>Keeps contacts with the mail that comes and goes. Within a transaction of the writer lane.</summary>
public sealed class ContactIndex : IDisposable
{
    private const int LongestAddress = 254; // RFC 5321, section 4.5.3.1.3, less the brackets

    private readonly long _mailboxId;
    private readonly IReadOnlySet<string> _ownAddresses;
    private readonly SqlStatement _find;
    private readonly SqlStatement _add;
    private readonly SqlStatement _change;
    private readonly SqlStatement _forget;
    private readonly SqlStatement _drop;
    private readonly SqlStatement _forgetWords;
    private readonly SqlStatement _addWord;

    /// <param name="ownAddresses">Lower case; we are no contacts of ourselves.</param>
    public ContactIndex(EnneoDbContext db, long mailboxId, IReadOnlySet<string> ownAddresses)
    {
        (_mailboxId, _ownAddresses) = (mailboxId, ownAddresses);
        _find = new(db, "SELECT Name, LastAt FROM contacts WHERE MailboxId = @0 AND Address = @1");
        _add = new(db, "INSERT INTO contacts (MailboxId, Address, Name, FirstAt, LastAt, Received, Sent) VALUES (@0, @1, @2, @3, @3, @4, @5)");
        _change = new(db, """
            UPDATE contacts SET Name = @2, FirstAt = min(FirstAt, @3), LastAt = max(LastAt, @3), Received = Received + @4, Sent = Sent + @5
            WHERE MailboxId = @0 AND Address = @1
            """);
        _forget = new(db, "UPDATE contacts SET Received = Received - 1 WHERE MailboxId = @0 AND Address = @1 AND Received > 0");
        _drop = new(db, "DELETE FROM contacts WHERE MailboxId = @0 AND Address = @1 AND Received = 0 AND Sent = 0"); // its words go with it
        _forgetWords = new(db, "DELETE FROM contact_words WHERE MailboxId = @0 AND Address = @1");
        _addWord = new(db, "INSERT OR IGNORE INTO contact_words (MailboxId, Address, Word) VALUES (@0, @1, @2)");
    }

    /// <summary>A person wrote to us. Programs are no people.</summary>
    public void AddReceived(ParsedMessage message, DateTimeOffset at)
    {
        if (message.Automatic is AutomaticKind.None)
        {
            Add(new MailAddress(message.FromName, message.FromAddress), at, received: 1, sent: 0);
        }
    }

    /// <summary>What they wrote was none of what makes a contact. Whom nobody wrote to, and who wrote nothing else, goes.</summary>
    public void RemoveReceived(string address)
    {
        _forget.Execute(_mailboxId, address.ToLowerInvariant());
        _drop.Execute(_mailboxId, address.ToLowerInvariant());
    }

    public void AddSent(IEnumerable<MailAddress> recipients, DateTimeOffset at)
    {
        foreach (var recipient in recipients.DistinctBy(recipient => recipient.Address, StringComparer.OrdinalIgnoreCase))
        {
            Add(recipient, at, received: 0, sent: 1);
        }
    }

    public void Dispose()
    {
        _find.Dispose();
        _add.Dispose();
        _change.Dispose();
        _forget.Dispose();
        _drop.Dispose();
        _forgetWords.Dispose();
        _addWord.Dispose();
    }

    private void Add(MailAddress person, DateTimeOffset at, int received, int sent)
    {
        var address = person.Address.ToLowerInvariant();
        if (!IsAddress(address) || _ownAddresses.Contains(address))
        {
            return;
        }

        var name = person.Name.Equals(person.Address, StringComparison.OrdinalIgnoreCase) ? "" : person.Name;
        if (_find.Rows(row => (Name: row.GetString(0), LastAt: row.GetInt64(1)), _mailboxId, address) is not [var known])
        {
            _add.Execute(_mailboxId, address, name, at, received, sent);
            AddWords(address, name);
            return;
        }

        var newName = name.Length > 0 && (known.Name.Length == 0 || at.ToUnixTimeMilliseconds() >= known.LastAt) ? name : known.Name;
        _change.Execute(_mailboxId, address, newName, at, received, sent);
        if (newName != known.Name)
        {
            _forgetWords.Execute(_mailboxId, address);
            AddWords(address, newName);
        }
    }

    private void AddWords(string address, string name)
    {
        foreach (var word in ContactWords.Of(name, address))
        {
            _addWord.Execute(_mailboxId, address, word);
        }
    }

    private static bool IsAddress(string address) =>
        address.Length <= LongestAddress && address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Length - 1
        && !address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
