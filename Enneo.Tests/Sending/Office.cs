using System.Globalization;
using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using MimeKit;
using Quartz;

namespace Enneo.Tests.Sending;

/// <summary>A mailbox with mail in it and somebody who answers; the clock stands until it is moved, and jobs run when they are called.</summary>
public sealed class Office : IAsyncDisposable
{
    public const string Address = "support@workshop.example";
    public const string Customer = "jonas@customer.example";
    public const long Person = 7;

    private static readonly TimeSpan s_undoTime = TimeSpan.FromSeconds(10);

    private readonly TemporaryFolder _folder = new();
    private readonly EphemeralDataProtectionProvider _keys = new();
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly TimeProvider? _clock;
    private ServiceProvider _services;
    private int _received;
    private IReadOnlyList<IHostedService> _jobs = [];
    private IScheduler? _scheduler;

    private Office(IReadOnlyDictionary<string, string?> settings, TimeProvider? clock)
    {
        (_settings, _clock) = (settings, clock);
        _services = Start();
    }

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())); // whole seconds: the database keeps milliseconds

    public long MailboxId { get; private set; }

    public Drafts Drafts => Get<Drafts>();

    public Outbox Outbox => Get<Outbox>();

    public string Uploads => _folder["data/uploads"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static Task<Office> OpenAsync(MailboxInput mailbox, params (string Name, string Value)[] settings) => OpenAsync(mailbox, null, settings);

    /// <param name="mailboxAsync">What is to be added, once all is there that it needs.</param>
    public static async Task<Office> OpenAsync(Func<Office, Task<MailboxInput>> mailboxAsync, params (string Name, string Value)[] settings)
    {
        var office = await OpenAsync(mailbox: null, null, settings);
        office.MailboxId = await office.AddAsync(await mailboxAsync(office));
        return office;
    }

    /// <param name="mailbox">Null for none yet.</param>
    /// <param name="clock">That of the machine where jobs shall run by themselves.</param>
    public static async Task<Office> OpenAsync(MailboxInput? mailbox, TimeProvider? clock, params (string Name, string Value)[] settings)
    {
        Office office = new(settings.ToDictionary(s => s.Name, s => (string?)s.Value), clock);
        Directory.CreateDirectory(office._folder["data"]);
        await EmptyDatabase.PutAsync(office.Get<DataDirectory>());
        await office.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.Users.AddRange(PersonOf(Person), PersonOf(Person + 1));
                await db.SaveChangesAsync(token);
            },
            Cancel);
        office.MailboxId = mailbox is null ? 0 : await office.AddAsync(mailbox);
        return office;
    }

    private static User PersonOf(long id) => new()
    {
        Id = id,
        UserName = "",
        Email = string.Create(CultureInfo.InvariantCulture, $"person{id}@example.test"),
        NormalizedEmail = string.Create(CultureInfo.InvariantCulture, $"PERSON{id}@EXAMPLE.TEST"),
    };

    public Task AddAdminAsync(string email, string name) => ChangeAsync(async db =>
    {
        IdentityRole<long> role = new(Roles.Admin) { NormalizedName = Roles.Admin.ToUpperInvariant() };
        User admin = new() { UserName = name, Email = email, NormalizedEmail = email.ToUpperInvariant(), DisplayName = name };
        db.AddRange(role, admin);
        await db.SaveChangesAsync(Cancel);
        db.Add(new IdentityUserRole<long> { UserId = admin.Id, RoleId = role.Id });
        await db.SaveChangesAsync(Cancel);
    });

    /// <returns>The mailbox's id.</returns>
    public async Task<long> AddAsync(MailboxInput mailbox)
    {
        var added = await Get<MailboxEditing>().AddAsync(mailbox, Actor.Operator, "command", Cancel);
        Assert.Empty(added.Errors);
        return added.MailboxId!.Value;
    }

    /// <summary>Starts the jobs of sending, and what wakes them; not those of the sync.</summary>
    public async Task StartJobsAsync()
    {
        _jobs = [.. _services.GetServices<IHostedService>().Where(job => job is LiveFeedReader or SendingScheduler)];
        foreach (var job in _jobs)
        {
            await job.StartAsync(Cancel);
        }

        _scheduler = await Get<ISchedulerFactory>().GetScheduler(Cancel);
        await _scheduler.Start(Cancel);
    }

    /// <summary>Sends to the sink; nobody answers at its IMAP address.</summary>
    public static Task<Office> OpenAsync(SmtpSink sink, params (string Name, string Value)[] settings) =>
        OpenAsync(MailboxOf(sink, FreePort.Next()), settings);

    public static MailboxInput MailboxOf(SmtpSink sink, int imapPort) => new()
    {
        Name = "Workshop",
        Data = new MailboxData
        {
            Address = Address,
            SenderName = "Müller & Söhne, Workshop",
            Imap = new ServerInput { Host = DovecotServer.Host, Port = imapPort, Security = Core.Connections.ConnectionSecurity.None, User = Address, Password = DovecotServer.Password },
            Smtp = new ServerInput { Host = DovecotServer.Host, Port = sink.Port, Security = Core.Connections.ConnectionSecurity.None, User = Address, Password = DovecotServer.Password },
        },
    };

    /// <summary>All that is only in memory is lost. Not for an office whose jobs run by themselves.</summary>
    public async Task RestartAsync()
    {
        await _services.DisposeAsync();
        _services = Start();
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    public Task ChangeAsync(Func<EnneoDbContext, Task> change) => Get<WriterLane>().RunAsync((db, _) => change(db), Cancel);

    public static MimeMessage Letter(string subject = "Where is my bicycle?", string text = "Good morning,\nis it ready?") => new()
    {
        From = { new MailboxAddress("Jonas Weber", Customer) },
        To = { new MailboxAddress("", Address) },
        Subject = subject,
        Body = new TextPart("plain") { Text = text },
    };

    /// <summary>Lets a mail arrive, as the sync would.</summary>
    public async Task<IntakeResult> ReceiveAsync(MimeMessage? letter = null, long? mailboxId = null)
    {
        using var mail = letter ?? Letter();
        mail.Headers.Add("X-Count", $"{_received++}");
        return await ReceiveAsync(mail.ToBytes(), mailboxId);
    }

    public async Task<IntakeResult> ReceiveAsync(byte[] bytes, long? mailboxId = null)
    {
        var source = (await Get<MessageStore>().AppendAsync([bytes], Cancel))[0];
        var parsed = Get<MessageParser>().Parse(bytes);
        return await Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.Sources.Add(source);
                await db.SaveChangesAsync(token);
                var mailbox = await db.Mailboxes.SingleAsync(m => m.Id == (mailboxId ?? MailboxId), token);
                IncomingMessage incoming = new(source.Id, source.Sha256, bytes.Length, parsed, Clock.GetUtcNow(), IsSeen: false, IsFlagged: false, FolderId: null, FolderRole.Inbox, IsHistory: false);
                return (await Get<TicketIntake>().AddAsync(db, mailbox, [incoming], "test", token))[0];
            },
            Cancel);
    }

    /// <summary>Writes an answer to a mail that arrived.</summary>
    public async Task<DraftView> WriteAsync(string html = "<div>It is ready.</div>", string[]? to = null, string[]? cc = null, string[]? bcc = null, long? messageId = null)
    {
        var draft = await Drafts.StartReplyAsync(messageId ?? (await ReceiveAsync()).MessageId, DraftMode.Reply, Person, Cancel);
        Assert.NotNull(draft);
        DraftSave save = new(draft.Revision + 1, to is null ? draft.To : Addresses(to), Addresses(cc), Addresses(bcc), draft.Subject, html);
        return Assert.IsType<DraftView>(await Drafts.SaveAsync(draft.Id, save, Person, Cancel));
    }

    /// <summary>Presses Send.</summary>
    public async Task<OutgoingStatus> SendAsync(DraftView draft)
    {
        var result = await Outbox.SendAsync(draft.Id, Person, Cancel);
        Assert.Null(result.Problem);
        return Assert.IsType<OutgoingStatus>(result.Outgoing);
    }

    public async Task<OutgoingStatus> WriteAndSendAsync(params string[] to) => await SendAsync(await WriteAsync(to: to.Length == 0 ? null : to));

    /// <summary>Lets time pass, the undo time when none is given, and the sending job run.</summary>
    public async Task DeliverAsync(TimeSpan? after = null)
    {
        Clock.Advance(after ?? s_undoTime);
        await Get<Delivery>().RunAsync(MailboxId, Cancel);
    }

    /// <summary>Lets time pass, if any, and the filing job run.</summary>
    public async Task FileAsync(TimeSpan after = default)
    {
        Clock.Advance(after);
        await Get<Filing>().RunAsync(MailboxId, Cancel);
    }

    public Task<OutgoingMessage> RowAsync(long outgoingId) => ReadAsync(db => db.Outbox.AsNoTracking().SingleAsync(o => o.Id == outgoingId, Cancel));

    public async Task<DeliveryState> StateAsync(long outgoingId) => (await RowAsync(outgoingId)).State;

    public async Task<byte[]> SourceAsync(long messageId) => (await Get<MessageReader>().FindSourceAsync(Reach.All, messageId, Cancel))!.Memory.ToArray();

    public async ValueTask DisposeAsync()
    {
        if (_scheduler is not null)
        {
            await _scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        }

        foreach (var job in _jobs)
        {
            await job.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private ServiceProvider Start() => new ServiceCollection()
        .AddLogging()
        .AddSingleton(_clock ?? Clock)
        .AddQuartz()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(_settings).Build())
        .AddSingleton<IDataProtectionProvider>(_keys)
        .AddEnneoCore(new DataDirectory(_folder["data"]))
        .BuildServiceProvider();

    private static MailAddress[] Addresses(string[]? addresses) => [.. (addresses ?? []).Select(address => new MailAddress("", address))];
}
