using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Tickets;
using Enneo.Tests.Mail;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Performance;

/// <summary>Years of mail of a busy team, written into the tables as intake leaves them, without sources.</summary>
internal sealed class SyntheticMail(EnneoStore store)
{
    public static readonly DateTimeOffset Newest = new(2026, 3, 4, 14, 0, 0, TimeSpan.Zero);

    private const int Batch = 500;
    private static readonly string[] s_mailboxes = ["Support", "Sales", "Billing", "Hiring", "Office"];
    private static readonly TimeSpan s_span = TimeSpan.FromDays(5 * 365);
    private static readonly TimeSpan s_open = TimeSpan.FromDays(14);

    private readonly Random _random = new(11);
    private readonly GeneratedText _text = new(new Random(12));
    private readonly List<long> _mailboxes = [];

    public int Tickets { get; private set; }

    public long AnyMailbox() => _mailboxes[_random.Next(_mailboxes.Count)];

    public long AnyTicket() => _random.Next(1, Tickets + 1);

    public DateTimeOffset AnyTime() => Newest - (s_span * _random.NextDouble());

    public string RareWord()
    {
        string word;
        do
        {
            word = _text.Label();
        }
        while (word.Length < 5);
        return word;
    }

    public string Person() => _text.FirstName().ToLowerInvariant();

    public string Number() => _random.Next(100_000, 1_000_000).ToString(CultureInfo.InvariantCulture);

    /// <summary>Every second time all mailboxes, else some of them, as an agent sees them.</summary>
    public Reach AnyReach() => _random.Next(2) == 0 ? Reach.All : Reach.Of(_mailboxes.Take(3));

    /// <summary>What was written before.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        _mailboxes.AddRange(await store.ReadAsync(db => db.Mailboxes.OrderBy(m => m.Id).Select(m => m.Id).ToListAsync(cancellationToken), cancellationToken));
        Tickets = await store.ReadAsync(db => db.Tickets.CountAsync(cancellationToken), cancellationToken);
    }

    public async Task WriteAsync(int messages, CancellationToken cancellationToken)
    {
        await AddMailboxesAsync(cancellationToken);
        var number = 0;
        while (number < messages)
        {
            var from = number;
            var until = Math.Min(messages, number + Batch);
            await store.Get<WriterLane>().RunBulkAsync((db, _) => Write(db, from, until, messages), cancellationToken);
            number = until;
        }
    }

    private async Task AddMailboxesAsync(CancellationToken cancellationToken)
    {
        foreach (var name in s_mailboxes)
        {
            var address = $"{name.ToLowerInvariant()}@example.test";
            var server = new Core.Mailboxes.ServerInput { Host = "mail.example.test", Port = 993, User = address, Password = DovecotServer.Password };
            _mailboxes.Add(await store.AddAsync(
                new Core.Mailboxes.MailboxInput { Name = name, Data = new() { Address = address, Imap = server, Smtp = server with { Port = 465 } } }, cancellationToken));
        }
    }

    /// <summary>Newest first, as a first sync brings them; a conversation is up to five in a row.</summary>
    private Task Write(EnneoDbContext db, int from, int until, int of)
    {
        using SqlStatement addTicket = new(db, """
            INSERT INTO tickets (MailboxId, Subject, Status, CreatedAt, LastMessageAt, MessageCount, UnreadCount, HasAttachments, People, Snippet, Place, IsStarred, IsKeptApart, Version)
            VALUES (@0, @1, @2, @3, @3, @4, @5, @6, @7, @8, 'Desk', 0, 0, 1) RETURNING Id
            """);
        using SqlStatement addMessage = new(db, """
            INSERT INTO messages (MailboxId, TicketId, Direction, InternetMessageId, InReplyTo, Subject, FromName, FromAddress,
                ReplyTo, "To", Cc, Bcc, ReceivedAt, IsSeen, IsFlagged, HasAttachments, Snippet, Size, Automatic, IsHistory, ThreadRule, ThreadDetail, OnServer)
            VALUES (@0, @1, @2, @3, '', @4, @5, @6, '[]', @7, '[]', '[]', @8, @9, 0, @10, @11, 30000, 'None', 1, 'NewThread', '', 1) RETURNING Id
            """);
        using SearchWriter search = new(db);
        for (var number = from; number < until;)
        {
            var count = Math.Min(until - number, _random.Next(1, 6));
            var mailbox = _random.Next(_mailboxes.Count);
            var newest = Newest - (s_span * ((double)number / of));
            var isOpen = Newest - newest < s_open;
            MailAddress customer = new($"{_text.FirstName()} {_text.Name()}", $"{_text.Label()}@{_text.Label()}.test");
            MailAddress own = new(s_mailboxes[mailbox], $"{s_mailboxes[mailbox].ToLowerInvariant()}@example.test");
            var subject = _text.Words(_random.Next(2, 8));
            var hasFile = _random.Next(12) == 0;
            var unread = isOpen && _random.Next(5) == 0;
            var ticketId = addTicket.Scalar(
                _mailboxes[mailbox], subject, isOpen ? TicketStatus.Open : TicketStatus.Closed, newest, count, unread ? 1 : 0, hasFile, customer.Name, subject);
            Tickets++;
            for (var i = 0; i < count; i++, number++)
            {
                var (sender, recipient) = i % 2 == 0 ? (customer, own) : (own, customer);
                var at = newest.AddSeconds(-i * 60);
                ParsedMessage parsed = new()
                {
                    Subject = subject,
                    FromName = sender.Name,
                    FromAddress = sender.Address,
                    To = [recipient],
                    HasAttachments = hasFile,
                    FileNames = hasFile ? [$"{_text.Word()}-{_random.Next(100_000, 1_000_000)}.pdf"] : [],
                    Text = $"{_text.Words(_random.Next(30, 300))} {_random.Next(100_000, 1_000_000)}",
                };
                var messageId = addMessage.Scalar(
                    _mailboxes[mailbox], ticketId, i % 2 == 0 ? MessageDirection.In : MessageDirection.Out, $"s{number}@example.test", subject, sender.Name,
                    sender.Address, $$"""[{"Name":"{{recipient.Name}}","Address":"{{recipient.Address}}"}]""", at, !unread || i > 0, hasFile, parsed.Text[..120]);
                search.Add(SearchDocument.Of(messageId, _mailboxes[mailbox], at, parsed));
            }
        }

        return Task.CompletedTask;
    }
}
