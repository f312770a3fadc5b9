using System.Text;
using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Search;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Enneo.Tests.Identity;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Inbox;

/// <summary>Mailboxes with mail, as ingest leaves it, on a database of their own and a clock that only tests move.</summary>
public sealed class InboxStore : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("inbox-").FullName;
    private readonly ServiceProvider _services;
    private int _count;

    public InboxStore()
        : this(new Dictionary<string, string?>())
    {
    }

    public InboxStore(IReadOnlyDictionary<string, string?> settings)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddSingleton<TimeProvider>(Clock)
            .AddEnneoCore(new DataDirectory(_directory));
        Types = [.. services.Select(service => service.ServiceType).Where(type => type.Assembly == typeof(EnneoCore).Assembly), typeof(IOptions<SendingOptions>)];
        _services = services.BuildServiceProvider();
    }

    /// <summary>What there is of the core.</summary>
    public IReadOnlyList<Type> Types { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 4, 14, 0, 0, TimeSpan.Zero));

    public long AgentId { get; private set; }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public object Get(Type type) => _services.GetRequiredService(type);

    /// <summary>Another with the same content, once this one is closed.</summary>
    public InboxStore Copy(IReadOnlyDictionary<string, string?> settings)
    {
        InboxStore copy = new(settings) { AgentId = AgentId, _count = _count };
        TemporaryFolder.Copy(_directory, copy._directory);
        return copy;
    }

    /// <summary>Leaves the files to be copied.</summary>
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
    }

    public async ValueTask InitializeAsync()
    {
        await EmptyDatabase.PutAsync(Get<DataDirectory>());
        User agent = new() { UserName = "anna@example.com", Email = "anna@example.com", DisplayName = "Anna" };
        await Get<WriterLane>().RunAsync(
            async (db, cancellationToken) =>
            {
                db.Users.Add(agent);
                await db.SaveChangesAsync(cancellationToken);
            },
            CancellationToken.None);
        AgentId = agent.Id;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Delete();
    }

    /// <summary>Its files, once it is closed.</summary>
    public void Delete() => Directory.Delete(_directory, recursive: true);

    public Task<Mailbox> AddMailboxAsync(string name = "Support", MailboxStatus? status = null)
    {
        var address = $"{name.ToLowerInvariant()}@example.com";
        ServerSettings Server(int port) => new()
        {
            Host = "mail.example.com",
            Port = port,
            Security = ConnectionSecurity.Tls,
            User = address,
            ProtectedPassword = "",
        };
        return Get<WriterLane>().RunAsync(
            async (db, cancellationToken) =>
            {
                Mailbox mailbox = new() { Name = name, Address = address, Imap = Server(993), Smtp = Server(465), ConnectedAt = Clock.GetUtcNow().AddYears(-1) };
                db.Mailboxes.Add(mailbox);
                await db.SaveChangesAsync(cancellationToken);
                db.MailboxStatuses.Add(new MailboxStatus
                {
                    MailboxId = mailbox.Id,
                    State = status?.State ?? MailboxState.Ok,
                    Message = status?.Message,
                    ProgressDone = status?.ProgressDone ?? 0,
                    ProgressTotal = status?.ProgressTotal ?? 0,
                });
                await db.SaveChangesAsync(cancellationToken);
                await SeenByAll.GrantAsync(db, cancellationToken);
                return mailbox;
            },
            CancellationToken.None);
    }

    /// <returns>The folder's id.</returns>
    public Task<long> AddFolderAsync(Mailbox mailbox, string name, FolderRole role) => Get<WriterLane>().RunAsync(
        async (db, cancellationToken) =>
        {
            MailFolder folder = new() { MailboxId = mailbox.Id, FullName = name, Role = role, Separator = "/" };
            db.Folders.Add(folder);
            await db.SaveChangesAsync(cancellationToken);
            return folder.Id;
        },
        CancellationToken.None);

    /// <summary>A mail comes in, as news, a minute after the last one unless <paramref name="at"/> says otherwise.</summary>
    /// <returns>What the intake made of it.</returns>
    public async Task<IntakeResult> ReceiveAsync(
        Mailbox mailbox, string subject, string from = "Marta Nowak <marta@example.net>", string? answers = null, string headers = "",
        string text = "Hello, the invoice shows 230.", string contentType = "text/plain; charset=utf-8", DateTimeOffset? at = null, long? folderId = null)
    {
        var number = Interlocked.Increment(ref _count);
        var received = at ?? Clock.GetUtcNow().AddMinutes(number - 600);
        var reference = answers is null ? "" : $"In-Reply-To: <{answers}>\r\nReferences: <{answers}>\r\n";
        var raw = Encoding.UTF8.GetBytes(
            $"From: {from}\r\nTo: {mailbox.Address}\r\nSubject: {subject}\r\nDate: {received:r}\r\nMessage-ID: <m{number}@example.net>\r\n"
            + $"{reference}{headers}MIME-Version: 1.0\r\nContent-Type: {contentType}\r\n\r\n{text}\r\n");
        var parsed = await Get<MessageParser>().ParseAsync(raw, CancellationToken.None);
        var rows = await Get<MessageStore>().AppendAsync([raw], CancellationToken.None);
        return await Get<WriterLane>().RunAsync(
            async (db, cancellationToken) =>
            {
                db.Sources.Add(rows[0]);
                await db.SaveChangesAsync(cancellationToken);
                IncomingMessage incoming = new(rows[0].Id, rows[0].Sha256, raw.Length, parsed, received, IsSeen: false, IsFlagged: false, FolderId: folderId, FolderRole.Inbox, IsHistory: false);
                var results = await Get<TicketIntake>().AddAsync(db, mailbox, [incoming], "test", cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                using SearchWriter search = new(db);
                search.Add(SearchDocument.Of(results[0].MessageId, mailbox.Id, received, parsed));
                return results[0];
            },
            CancellationToken.None);
    }

    public Task ChangeTicketAsync(long ticketId, Action<Ticket> change) => Get<WriterLane>().RunAsync(
        async (db, cancellationToken) =>
        {
            change(await db.Tickets.SingleAsync(ticket => ticket.Id == ticketId, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
        },
        CancellationToken.None);

    public Task ChangeAgentAsync(Action<User> change) => Get<WriterLane>().RunAsync(
        async (db, cancellationToken) =>
        {
            change(await db.Users.SingleAsync(user => user.Id == AgentId, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
        },
        CancellationToken.None);

    /// <summary>The agent is an admin from now on.</summary>
    public Task MakeAdminAsync() => Get<WriterLane>().RunAsync(
        async (db, cancellationToken) =>
        {
            IdentityRole<long> role = new(Roles.Admin) { NormalizedName = "ADMIN" };
            db.Add(role);
            await db.SaveChangesAsync(cancellationToken);
            db.Add(new IdentityUserRole<long> { UserId = AgentId, RoleId = role.Id });
            await db.SaveChangesAsync(cancellationToken);
        },
        CancellationToken.None);

    public Task ChangeMessageAsync(long messageId, Action<Message> change) => Get<WriterLane>().RunAsync(
        async (db, cancellationToken) =>
        {
            change(await db.Messages.SingleAsync(message => message.Id == messageId, cancellationToken));
            await db.SaveChangesAsync(cancellationToken);
        },
        CancellationToken.None);

    /// <summary>Makes a table unreadable, or readable again.</summary>
    public async Task RenameTableAsync(string from, string to)
    {
        await using SqliteConnection connection = new(EnneoDatabase.ConnectionString(Get<DataDirectory>(), SqliteOpenMode.ReadWrite));
        await connection.OpenAsync();
        await using var rename = connection.CreateCommand();
        rename.CommandText = $"PRAGMA foreign_keys=OFF; ALTER TABLE {from} RENAME TO {to}";
        await rename.ExecuteNonQueryAsync();
    }

    /// <summary>Tells open screens, as the reader of the log does.</summary>
    public void Announce(ActivityKind kind, long? ticketId = null, long? mailboxId = null) =>
        Announce(ActivityEntry.Of(kind, Actor.MailServer, "test", Clock, mailboxId, ticketId));

    public void Announce(ActivityEntry entry) => Get<LiveFeed>().Publish([entry]);
}
