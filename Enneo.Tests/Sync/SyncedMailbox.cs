using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Mailboxes;
using Enneo.Tests.Servers;
using MimeKit;

namespace Enneo.Tests.Sync;

/// <summary>A mailbox on a real server, synced by hand.</summary>
public sealed class SyncedMailbox : IAsyncDisposable
{
    private readonly DovecotServer _dovecot;

    private SyncedMailbox(DovecotServer dovecot, string user) => (_dovecot, User) = (dovecot, user);

    public string User { get; }
    public long Id { get; private set; }
    public MailboxStore Store { get; } = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<SyncedMailbox> ConnectAsync(DovecotServer dovecot)
    {
        SyncedMailbox mailbox = new(dovecot, dovecot.NewUser());
        await mailbox.Store.InitializeAsync();
        return mailbox;
    }

    /// <summary>Connects it; what is on the server by now is history.</summary>
    public async Task AddAsync()
    {
        ServerInput server = new() { Host = DovecotServer.Host, Port = _dovecot.ImapsPort, User = User, Password = DovecotServer.Password, TrustedCertificate = _dovecot.CertificateFingerprint };
        Id = await Store.AddAsync(
            new MailboxInput { Name = "Support", Data = new MailboxData { Address = User, Imap = server, Smtp = server with { Port = 465 } } },
            Cancelled);
    }

    public Task SyncAsync() => Store.Get<MailboxSync>().RunAsync(Id, Cancelled);

    public async Task<LedgerCounts> LedgerAsync() => (await Store.Get<MailboxReports>().ListAsync(Cancelled)).Single(r => r.Mailbox.Id == Id).Ledger;

    public Task<IReadOnlyList<TicketSummary>> TicketsAsync(bool closed = false) =>
        Store.Get<TicketQueries>().ListAsync(new TicketFilter(Id, closed ? TicketView.Closed : TicketView.Open), null, 1000, Cancelled);

    public async Task<IReadOnlyList<ThreadMessage>> MessagesAsync(long ticketId) =>
        (await Store.Get<TicketQueries>().FindThreadAsync(ticketId, Cancelled))!.Messages;

    public Task MarkAsync(long messageId, bool seen) =>
        Store.Get<ReadState>().MarkAsync([messageId], seen, Actor.User(1), "web", Cancelled);

    public static MimeMessage Letter(string subject, string from = "anna@customer.example") => new()
    {
        From = { new MailboxAddress("Anna", from) },
        To = { new MailboxAddress("Support", "support@example.test") },
        Subject = subject,
        Body = new TextPart("plain") { Text = "Good morning,\n\n" + subject },
    };

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
