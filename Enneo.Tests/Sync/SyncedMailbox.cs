using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Identity;
using Enneo.Tests.Mailboxes;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Sync;

/// <summary>A mailbox on a real server, synced by hand.</summary>
public sealed class SyncedMailbox : IAsyncDisposable
{
    private readonly DovecotServer _dovecot;

    private SyncedMailbox(DovecotServer dovecot, string user, TimeProvider? clock) => (_dovecot, User, Store) = (dovecot, user, MailboxStore.At(clock ?? TimeProvider.System));

    /// <summary>Who does things here, and sees the mailbox.</summary>
    public const long Person = 1;

    public string User { get; }
    public long Id { get; private set; }
    public MailboxStore Store { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="clock">The machine's own if it is left out.</param>
    public static async Task<SyncedMailbox> ConnectAsync(DovecotServer dovecot, TimeProvider? clock = null)
    {
        SyncedMailbox mailbox = new(dovecot, dovecot.NewUser(), clock);
        await mailbox.Store.InitializeAsync();
        return mailbox;
    }

    /// <summary>With a mail of each subject in the INBOX, under UIDs from 1 on, and synced once.</summary>
    public static Task<SyncedMailbox> ConnectAsync(DovecotServer dovecot, params IReadOnlyList<string> subjects) => ConnectAsync(dovecot, null, subjects);

    /// <inheritdoc cref="ConnectAsync(DovecotServer, IReadOnlyList{string})"/>
    public static async Task<SyncedMailbox> ConnectAsync(DovecotServer dovecot, TimeProvider? clock, params IReadOnlyList<string> subjects)
    {
        var mailbox = await ConnectAsync(dovecot, clock);
        foreach (var subject in subjects)
        {
            await dovecot.DeliverAsync(mailbox.User, Letter(subject), Cancelled);
        }

        await mailbox.AddAsync();
        await mailbox.SyncAsync();
        return mailbox;
    }

    /// <summary>Connects it; what is on the server by now is history.</summary>
    /// <param name="folders">As a file gives them; null for the default.</param>
    public async Task AddAsync(string? folders = null, DateTimeOffset? since = null)
    {
        ServerInput server = new() { Host = DovecotServer.Host, Port = _dovecot.ImapsPort, User = User, Password = DovecotServer.Password, TrustedCertificate = _dovecot.CertificateFingerprint };
        Id = await Store.AddAsync(
            new MailboxInput
            {
                Name = "Support",
                Data = new MailboxData
                {
                    Address = User,
                    Imap = server,
                    Smtp = server with { Port = 465 },
                    Folders = folders is null ? null : Inputs.Json(folders),
                    Since = since,
                },
            },
            Cancelled);
        await Store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                if (!await db.Users.AnyAsync(u => u.Id == Person, token))
                {
                    db.Users.Add(new User { Id = Person, UserName = "anna", Email = "anna@example.test", NormalizedEmail = "ANNA@EXAMPLE.TEST" });
                    await db.SaveChangesAsync(token);
                }

                await SeenByAll.GrantAsync(db, token);
            },
            Cancelled);
    }

    public Task SyncAsync() => Store.Get<MailboxSync>().RunAsync(Id, Cancelled);

    public async Task<LedgerCounts> LedgerAsync() => (await Store.Get<MailboxReports>().ListAsync(Cancelled)).Single(r => r.Mailbox.Id == Id).Ledger;

    public Task<IReadOnlyList<TicketSummary>> TicketsAsync(bool closed = false) =>
        Store.Get<TicketQueries>().ListAsync(Reach.All, new TicketFilter(Id, closed ? TicketView.Closed : TicketView.Open), null, 1000, Cancelled);

    public async Task<IReadOnlyList<ThreadMessage>> MessagesAsync(long ticketId) =>
        (await Store.Get<TicketQueries>().FindThreadAsync(Reach.All, ticketId, Cancelled))!.Messages;

    /// <summary>Folders in which the message of a subject lies here, in order of the alphabet.</summary>
    public Task<List<string>> PlacesAsync(string subject) => Store.ReadAsync(
        db => (from message in db.Messages
               join place in db.MessageFolders on message.Id equals place.MessageId
               join folder in db.Folders on place.FolderId equals folder.Id
               where message.Subject == subject
               orderby folder.FullName
               select folder.FullName).ToListAsync(Cancelled),
        Cancelled);

    public Task<Message> MessageAsync(string subject) => Store.ReadAsync(db => db.Messages.AsNoTracking().SingleAsync(m => m.Subject == subject && m.Direction != MessageDirection.Internal, Cancelled), Cancelled);

    public Task<Ticket> TicketAsync(string subject) => Store.ReadAsync(
        db => db.Tickets.AsNoTracking().SingleAsync(t => db.Messages.Any(m => m.TicketId == t.Id && m.Subject == subject), Cancelled), Cancelled);

    public Task<MailFolder> FolderAsync(string fullName) => Store.ReadAsync(db => db.Folders.AsNoTracking().SingleAsync(f => f.FullName == fullName, Cancelled), Cancelled);

    public Task<List<ServerChange>> WaitingAsync() => Store.ReadAsync(db => db.ServerChanges.AsNoTracking().OrderBy(c => c.Id).ToListAsync(Cancelled), Cancelled);

    public async Task MoveAsync(string subject, FolderRole role) =>
        Assert.Single((await Store.Get<MessageFiling>().MoveAsync([(await MessageAsync(subject)).Id], role, Actor.User(Person), "web", Cancelled)).Moved);

    public async Task FlagAsync(string subject, bool flagged) =>
        await Store.Get<MessageFiling>().FlagAsync([(await MessageAsync(subject)).Id], flagged, Actor.User(Person), "web", Cancelled);

    public Task MarkAsync(long messageId, bool seen) =>
        Store.Get<ReadState>().MarkAsync([messageId], seen, Actor.User(Person), "web", Cancelled);

    public static MimeMessage Letter(string subject, string from = "anna@customer.example") => new()
    {
        From = { new MailboxAddress("Anna", from) },
        To = { new MailboxAddress("Support", "support@example.test") },
        Subject = subject,
        Body = new TextPart("plain") { Text = "Good morning,\n\n" + subject },
    };

    public ValueTask DisposeAsync() => Store.DisposeAsync();
}
