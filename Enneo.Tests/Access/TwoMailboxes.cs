using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Enneo.Tests.Inbox;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Access;

/// <summary>Somebody who asks.</summary>
public sealed record Visitor(long Id, Reach Reach, bool IsAdmin)
{
    public Actor Actor => Actor.User(Id);
}

/// <summary>A mailbox and one of everything in it; what belongs to whoever asks is theirs.</summary>
public sealed record Target(
    string Word, long MailboxId, long FolderId, long TicketId, long OtherTicketId, long MessageId, long LaterMessageId, long DraftId, long AttachmentId, long PictureId, long OutgoingId, int PartIndex)
{
    public string Customer => $"customer@{Word}.example";

    public static Target Missing { get; } = new("missing", 9_999_999, 9_999_999, 9_999_999, 9_999_998, 9_999_999, 9_999_998, 9_999_999, 9_999_999, 9_999_999, 9_999_999, 0);
}

/// <summary>
/// Two mailboxes, an agent who may see the first and an admin. What is in the first says "granted" and has ids from
/// 3,000,000 on, what is in the second says "withheld" and has ids from 7,000,000 on, so that any trace of it shows.
/// </summary>
public sealed class TwoMailboxes : IAsyncDisposable
{
    public const string Granted = "granted";
    public const string Withheld = "withheld";

    private static readonly JsonSerializerOptions s_json = new() { IncludeFields = true };

    private static readonly Lazy<Task<TwoMailboxes>> s_first = new(FillFirstAsync);

    private readonly InboxStore _store;
    private readonly Dictionary<(string, long), Target> _targets;

    private TwoMailboxes(InboxStore store, Dictionary<(string, long), Target> targets) => (_store, _targets) = (store, targets);

    public InboxStore Store => _store;

    /// <summary>How many tags cases have made: each has a name of its own.</summary>
    public int Tags { get; set; }

    public Visitor Agent { get; private set; } = null!;

    public Visitor Admin { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<TwoMailboxes> OpenAsync(params (string Name, string Value)[] settings)
    {
        var first = await s_first.Value;
        return new TwoMailboxes(first._store.Copy(settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value)), first._targets)
        {
            Agent = first.Agent,
            Admin = first.Admin,
        };
    }

    public T Get<T>() where T : notnull => _store.Get<T>();

    public Visitor Of(string role) => role == Roles.Admin ? Admin : Agent;

    public Target Of(string word, Visitor visitor) => _targets[(word, visitor.Id)];

    /// <summary>Asks, and tells what came back and what the visitor wrote by it; what a case prepares is the system's.</summary>
    public async Task<string> AskAsync(Func<Task<object?>> ask)
    {
        var before = await ReadAsync(db => db.Activity.MaxAsync(e => e.Sequence, Cancel));
        var answer = await ask();
        var written = await ReadAsync(db => db.Activity.AsNoTracking().Where(e => e.Sequence > before && e.ActorKind == ActorKind.User)
            .Select(e => new { e.Kind, e.MailboxId, e.TicketId, e.MessageId, e.Changes }).ToListAsync(Cancel));
        return JsonSerializer.Serialize(new { answer, written }, s_json);
    }

    /// <summary>Whether an answer has a trace of a mailbox: an address, a subject or an id.</summary>
    public static bool Tells(string answer, string word) =>
        answer.Contains(word, StringComparison.OrdinalIgnoreCase) || answer.Contains(word == Granted ? "30000" : "70000", StringComparison.Ordinal);

    public Task SetOutgoingAsync(long outgoingId, DeliveryState state) => Get<WriterLane>().RunAsync(
        (db, token) => db.Outbox.Where(o => o.Id == outgoingId).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, state).SetProperty(o => o.Version, o => o.Version + 1), token), Cancel);

    /// <summary>The server did not take the copy of what was sent.</summary>
    public Task RefuseCopyAsync(long outgoingId) => Get<WriterLane>().RunAsync(
        (db, token) => db.Outbox.Where(o => o.Id == outgoingId).ExecuteUpdateAsync(set => set.SetProperty(o => o.FilingRefusal, "No room."), token), Cancel);

    /// <summary>The server has a conversation no more: it can be erased for good.</summary>
    public Task LoseAsync(long ticketId) => Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            await db.MessageFolders.Where(p => db.Messages.Any(m => m.Id == p.MessageId && m.TicketId == ticketId)).ExecuteDeleteAsync(token);
            await db.Messages.Where(m => m.TicketId == ticketId).ExecuteUpdateAsync(set => set.SetProperty(m => m.OnServer, false), token);
        },
        Cancel);

    /// <summary>The server did not take a change of a message.</summary>
    /// <returns>The change's id; one that does not exist where there is no such message.</returns>
    public Task<long> RefuseChangeAsync(Target target) => Get<WriterLane>().RunAsync(
        async (db, token) =>
        {
            if (!await db.Messages.AnyAsync(m => m.Id == target.MessageId, token))
            {
                return Target.Missing.MessageId;
            }

            ServerChange change = new() { MailboxId = target.MailboxId, MessageId = target.MessageId, Kind = ServerChangeKind.Flagged, Refusal = "No.", AwaitsPerson = true, CreatedAt = DateTimeOffset.UnixEpoch };
            db.ServerChanges.Add(change);
            await db.Messages.Where(m => m.Id == target.MessageId).ExecuteUpdateAsync(set => set.SetProperty(m => m.IsFlagged, true), token);
            await db.SaveChangesAsync(token);
            return change.Id;
        },
        Cancel);

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    /// <summary>The one that all others are copies of.</summary>
    private static async Task<TwoMailboxes> FillFirstAsync()
    {
        InboxStore store = new();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => store.Delete();
        TwoMailboxes first = new(store, []);
        await first.SeedAsync();
        await store.CloseAsync();
        return first;
    }

    private async Task SeedAsync()
    {
        await _store.InitializeAsync();
        var added = await Get<Accounts>().AddAsync(new NewAccount("chief@example.com", "Chief", Roles.Admin, "four words of the chief"), Actor.Operator, "test", Cancel);
        foreach (var (word, first) in new[] { (Granted, 3_000_000), (Withheld, 7_000_000) })
        {
            await NumberFromAsync(first);
            foreach (var table in new[] { "mailboxes", "folders", "tickets", "messages", "drafts", "draft_attachments", "outbox" })
            {
                await Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlAsync(
                    $"INSERT INTO sqlite_sequence (name, seq) SELECT {table}, {first} WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {table})", token), Cancel);
            }

            await FillAsync(word, [_store.AgentId, added.UserId!.Value]);
        }

        await NumberFromAsync(8_000_000); // what is made from here on is nobody's trace
        await Get<WriterLane>().RunAsync((db, token) => db.MailboxGrants
            .Where(g => g.UserId == _store.AgentId && db.Mailboxes.Any(m => m.Id == g.MailboxId && m.Name == Withheld)).ExecuteDeleteAsync(token), Cancel);
        Agent = new Visitor(_store.AgentId, await Get<Reaches>().FindAsync(_store.AgentId, Cancel), IsAdmin: false);
        Admin = new Visitor(added.UserId!.Value, await Get<Reaches>().FindAsync(added.UserId.Value, Cancel), IsAdmin: true);
    }

    private Task NumberFromAsync(long first) => Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlAsync(
        $"UPDATE sqlite_sequence SET seq = {first} WHERE name NOT IN ('AspNetUsers', 'AspNetRoles', 'activity', 'sources', 'ledger')", token), Cancel);

    private async Task FillAsync(string word, IEnumerable<long> people)
    {
        var mailbox = await _store.AddMailboxAsync(word);
        var folder = await _store.AddFolderAsync(mailbox, "INBOX", FolderRole.Inbox);
        var archive = await _store.AddFolderAsync(mailbox, $"Archive-{word}", FolderRole.Archive);
        var customer = $"Customer {word} <customer@{word}.example>";
        var first = await _store.ReceiveAsync(mailbox, $"Subject {word}", customer, folderId: folder, contentType: "multipart/mixed; boundary=b", text: string.Join("\r\n",
            "--b", "Content-Type: text/plain", "", $"The {word} text", "--b", "Content-Type: text/plain", $"Content-Disposition: attachment; filename={word}.txt", "", $"A {word} file", "--b--"));
        var part = (await Get<MessageReader>().FindAsync(Reach.All, first.MessageId, Cancel))!.Parts[0].Index;
        var number = await ReadAsync(db => db.Messages.Where(m => m.Id == first.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));
        var later = await _store.ReceiveAsync(mailbox, $"Re: Subject {word}", customer, answers: number, folderId: folder);
        var other = await _store.ReceiveAsync(mailbox, $"Other {word}", customer, folderId: folder);
        foreach (var person in people)
        {
            var drafts = Get<Drafts>();
            var draft = (await drafts.StartReplyAsync(first.MessageId, DraftMode.Reply, person, Cancel))!;
            var attachment = (await drafts.AttachAsync(draft.Id, $"{word}.txt", "text/plain", new MemoryStream([1]), person, Cancel))!;
            var picture = (await drafts.AddPictureAsync(draft.Id, "dot.png", new MemoryStream([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]), person, Cancel))!;
            var letter = (await drafts.StartNewAsync(mailbox.Id, [new MailAddress("", $"customer@{word}.example")], person, Cancel))!;
            await drafts.SaveAsync(letter.Id, new DraftSave(1, letter.To, [], [], $"Letter {word}", "<p>Hello</p>"), person, Cancel);
            var outgoing = (await Get<Outbox>().SendAsync(letter.Id, person, Cancel)).Outgoing!;
            _targets[(word, person)] = new(
                word, mailbox.Id, archive, first.TicketId, other.TicketId, first.MessageId, later.MessageId, draft.Id, attachment.Id,
                long.Parse(picture.Split('/')[^1], CultureInfo.InvariantCulture), outgoing.Id, part);
        }
    }
}
