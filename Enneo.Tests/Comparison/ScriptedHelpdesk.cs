using System.Globalization;
using System.Text;
using Enneo.Core.Integrations.Comparison;

namespace Enneo.Tests.Comparison;

/// <summary>A helpdesk that fetches the same mail as we do, and fails at it as it is told.</summary>
internal sealed class ScriptedHelpdesk
{
    private readonly List<HelpdeskRow> _rows = [];
    private readonly Dictionary<long, int> _tickets = [];
    private int _numbers = 1000;

    public HashSet<string> Lost { get; } = [];
    public HashSet<string> Doubled { get; } = [];
    public HashSet<string> Misthreaded { get; } = [];
    public HashSet<string> Delayed { get; } = [];

    /// <summary>Takes a mail in, a minute after it came.</summary>
    /// <param name="elsewhere">The conversation in whose ticket it puts a mail that it does not understand; null for a ticket of its own.</param>
    public void TakeIn(OwnMail mail, long? elsewhere)
    {
        var id = mail.InternetMessageId;
        if (Lost.Contains(id))
        {
            return;
        }

        var ticket = !Misthreaded.Contains(id) ? TicketOf(mail.TicketId) : elsewhere is { } other ? TicketOf(other) : ++_numbers;
        Add(mail, ticket, Delayed.Contains(id) ? TimeSpan.FromHours(3) : TimeSpan.FromMinutes(1));
        if (Doubled.Contains(id))
        {
            Add(mail, ++_numbers, TimeSpan.FromMinutes(2));
        }
    }

    /// <summary>A mail that nobody else ever saw.</summary>
    public void Invent(string id, DateTimeOffset at) => _rows.Add(new HelpdeskRow(id, Text(++_numbers), "closed", "", at));

    /// <summary>As a database writes it.</summary>
    public Stream ToCsv()
    {
        StringBuilder csv = new("message_id;ticket;status;assignee;time\r\n");
        foreach (var row in _rows)
        {
            csv.Append(CultureInfo.InvariantCulture, $"\"<{row.MessageId}>\";{row.Ticket};{row.Status};{row.Assignee};{row.At!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss}\r\n");
        }

        return new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));
    }

    private void Add(OwnMail mail, int ticket, TimeSpan after) => _rows.Add(new HelpdeskRow(mail.InternetMessageId, Text(ticket), "closed", "", mail.ReceivedAt + after));

    private int TicketOf(long conversation)
    {
        if (!_tickets.TryGetValue(conversation, out var ticket))
        {
            _tickets[conversation] = ticket = ++_numbers;
        }

        return ticket;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
