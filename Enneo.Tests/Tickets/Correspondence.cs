using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Enneo.Tests.Identity;
using Enneo.Tests.Mailboxes;

namespace Enneo.Tests.Tickets;

/// <summary>A mailbox and the mail that reaches it, without a server.</summary>
public sealed class Correspondence : IAsyncLifetime
{
    public const string Us = "support@workshop.example";
    public const string Anna = "anna@customer.example";

    private int _count;

    public MailboxStore Store { get; } = new();

    public TicketQueries Queries => Store.Get<TicketQueries>();

    public Mailbox Mailbox { get; private set; } = null!;

    public DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Store.InitializeAsync();
        Mailbox = await AddMailboxAsync(Us);
    }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    public Task<Mailbox> AddMailboxAsync(string address) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            ServerSettings server = new() { Host = "localhost", Port = 993, Security = ConnectionSecurity.Tls, User = address, ProtectedPassword = "" };
            ServerSettings other = new() { Host = "localhost", Port = 465, Security = ConnectionSecurity.Tls, User = address, ProtectedPassword = "" };
            Mailbox mailbox = new() { Name = address, Address = address, Imap = server, Smtp = other, ConnectedAt = Now };
            db.Mailboxes.Add(mailbox);
            await db.SaveChangesAsync(token);
            await SeenByAll.GrantAsync(db, token);
            return mailbox;
        },
        Cancelled);

    public Task<IntakeResult> ReceiveAsync(ParsedMessage parsed, TimeSpan? age = null, bool isHistory = false, bool inSent = false, bool inInbox = true, string? bytes = null) =>
        ReceiveAsync(Mailbox, parsed, age, isHistory, inSent, inInbox, bytes);

    public async Task<IntakeResult> ReceiveAsync(
        Mailbox mailbox, ParsedMessage parsed, TimeSpan? age = null, bool isHistory = false, bool inSent = false, bool inInbox = true, string? bytes = null) =>
        (await ReceiveAsync(mailbox, [new(parsed, age ?? TimeSpan.Zero, isHistory, inSent, inInbox, bytes)]))[0];

    /// <summary>Several mails in one batch, in this order.</summary>
    public Task<IReadOnlyList<IntakeResult>> ReceiveAsync(params IReadOnlyList<Arrival> arrivals) => ReceiveAsync(Mailbox, arrivals);

    private Task<IReadOnlyList<IntakeResult>> ReceiveAsync(Mailbox mailbox, IReadOnlyList<Arrival> arrivals) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            List<IncomingMessage> messages = [];
            foreach (var arrival in arrivals)
            {
                var sha256 = SHA256.HashData(Encoding.UTF8.GetBytes(arrival.Bytes ?? $"mail {_count++}"));
                StoredSource source = new() { Segment = 1, Offset = 0, StoredLength = 1, RawLength = 1, Sha256 = sha256 };
                db.Sources.Add(source);
                await db.SaveChangesAsync(token);
                messages.Add(new(
                    source.Id, sha256, 1, arrival.Mail, Now - arrival.Age, IsSeen: false, IsFlagged: false, FolderId: null,
                    arrival.InSent ? FolderRole.Sent : arrival.InInbox ? FolderRole.Inbox : FolderRole.None, arrival.IsHistory));
            }

            return await Store.Get<TicketIntake>().AddAsync(db, mailbox, messages, "test", token);
        },
        Cancelled);

    public static ParsedMessage Letter(string id, string from, string? answers = null, string to = Us, string cc = "", string subject = "Where is my order?") => new()
    {
        InternetMessageId = id,
        InReplyTo = answers ?? "",
        References = answers is null ? [] : [answers],
        FromAddress = from,
        FromName = from.Split('@')[0],
        To = [new MailAddress("", to)],
        Cc = cc.Length == 0 ? [] : [new MailAddress("", cc)],
        Subject = answers is null ? subject : "Re: " + subject,
        Snippet = "words of " + id,
    };

    public async Task<TicketThread> ThreadAsync(long ticketId) =>
        await Queries.FindThreadAsync(Reach.All, ticketId, Cancelled) ?? throw new InvalidOperationException($"There is no ticket {ticketId}.");

    /// <returns>The person's id.</returns>
    public Task<long> AddPersonAsync(string name) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            User user = new() { UserName = name, Email = $"{name}@workshop.example", DisplayName = name };
            db.Users.Add(user);
            await db.SaveChangesAsync(token);
            await SeenByAll.GrantAsync(db, token);
            return user.Id;
        },
        Cancelled);

    /// <returns>The folder's id.</returns>
    public Task<long> AddFolderAsync(string name, FolderRole role, Mailbox? mailbox = null) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            MailFolder folder = new() { MailboxId = (mailbox ?? Mailbox).Id, FullName = name, Role = role };
            db.Folders.Add(folder);
            await db.SaveChangesAsync(token);
            return folder.Id;
        },
        Cancelled);

    /// <summary>A message lies in a folder of the server.</summary>
    public Task PutAsync(long messageId, long folderId) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            db.MessageFolders.Add(new MessageFolder { MessageId = messageId, FolderId = folderId });
            await db.SaveChangesAsync(token);
        },
        Cancelled);

    public Task SetStatusAsync(long ticketId, TicketStatus status) => Store.Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            (await db.Tickets.FindAsync([ticketId], token))!.Status = status;
            await db.SaveChangesAsync(token);
        },
        Cancelled);
}

/// <summary>A mail as it reaches a mailbox.</summary>
/// <param name="Bytes">What its source is made of; of its own when null.</param>
public sealed record Arrival(
    ParsedMessage Mail, TimeSpan Age, bool IsHistory = true, bool InSent = false, bool InInbox = true, string? Bytes = null);
