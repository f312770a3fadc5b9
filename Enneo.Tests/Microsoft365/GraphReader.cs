using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Core.Tickets;
using Enneo.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>A mailbox that is read by Graph, synced by hand.</summary>
internal sealed class GraphReader : IAsyncDisposable
{
    private readonly Office365 _microsoft;
    private readonly ConnectedStore _connected;

    private GraphReader(Office365 microsoft, ConnectedStore connected, ShiftedClock clock, string address) =>
        (_microsoft, _connected, Clock, Address, Mail) = (microsoft, connected, clock, address, microsoft.Entra.Graph.Mail.Add(address));

    public ShiftedClock Clock { get; }

    public string Address { get; }

    public long Id { get; private set; }

    public GraphMail Mail { get; }

    public GraphMailServer Server => _microsoft.Entra.Graph.Mail;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="letters">Subjects of what lies in its inbox from the beginning, unread.</param>
    public static async Task<GraphReader> ConnectAsync(Office365 microsoft, params IReadOnlyList<string> letters)
    {
        var reader = await NewAsync(microsoft);
        foreach (var subject in letters)
        {
            reader.Mail.Deliver(Letter(subject));
        }

        await reader.LogInAsync();
        await reader.SyncAsync();
        return reader;
    }

    /// <summary>Nobody has connected it yet.</summary>
    public static async Task<GraphReader> NewAsync(Office365 microsoft)
    {
        ShiftedClock clock = new();
        return new(microsoft, await ConnectedStore.CreateAsync(microsoft, Cancel, clock), clock, microsoft.Dovecot.NewUser());
    }

    public static MimeMessage Letter(string subject) => SyncedMailbox.Letter(subject);

    /// <summary>Of which more comes than is kept in memory.</summary>
    public static MimeMessage LargeLetter(string subject, int bytes = 2 << 20)
    {
        var mail = Letter(subject);
        mail.Body = new Multipart("mixed") { mail.Body!, new MimePart("application", "pdf") { FileName = "plans.pdf", Content = new MimeContent(new MemoryStream(new byte[bytes])), ContentTransferEncoding = ContentEncoding.Base64 } };
        return mail;
    }

    public T Get<T>() where T : notnull => _connected.Get<T>();

    public async Task AddAsync(long accountId, bool byGraph)
    {
        var input = ConnectedStore.Input(Address, accountId);
        Id = await _connected.Store.AddAsync(input with { Data = input.Data with { ReceivesByGraph = byGraph } }, Cancel);
    }

    /// <summary>A person signs in for it, and it is added.</summary>
    /// <param name="isOther">They are not the mailbox, and say so before or after.</param>
    public async Task LogInAsync(string? person = null, bool isShared = false, bool byGraph = true, bool isOther = false)
    {
        var account = (await _connected.ConnectAsync(Address, Cancel, person, isShared: isShared)).Account!;
        if (isOther)
        {
            await Get<AccountQueries>().ShareAsync(account.Id, Cancel);
        }

        await AddAsync(account.Id, byGraph);
    }

    public Task SyncAsync() => Get<MailboxSync>().RunAsync(Id, Cancel);

    /// <summary>As if an admin had chosen the road.</summary>
    public Task ChooseAsync(bool byGraph) => ChangeAsync(db => db.Mailboxes.Where(m => m.Id == Id).ExecuteUpdateAsync(
        set => set.SetProperty(m => m.ReceivesByGraph, byGraph).SetProperty(m => m.Version, m => m.Version + 1), Cancel));

    public Task ChangeAsync(Func<Core.Data.EnneoDbContext, Task> change) => Get<Core.Data.WriterLane>().RunAsync((db, _) => change(db), Cancel);

    public Task<T> ReadAsync<T>(Func<Core.Data.EnneoDbContext, Task<T>> read) => _connected.Store.ReadAsync(read, Cancel);

    public async Task<LedgerCounts> LedgerAsync() => (await _connected.Store.ReportAsync(Id, Cancel)).Ledger;

    public Task<List<string>> SubjectsAsync() => ReadAsync(db => db.Messages.OrderBy(m => m.Id).Select(m => m.Subject).ToListAsync(Cancel));

    public Task<Message> MessageAsync(string subject) => ReadAsync(db => db.Messages.AsNoTracking().SingleAsync(m => m.Subject == subject, Cancel));

    /// <summary>Folders in which the message of a subject lies here, in order of the alphabet.</summary>
    public Task<List<string>> PlacesAsync(string subject) => ReadAsync(
        db => (from message in db.Messages
               join place in db.MessageFolders on message.Id equals place.MessageId
               join folder in db.Folders on place.FolderId equals folder.Id
               where message.Subject == subject
               orderby folder.FullName
               select folder.FullName).ToListAsync(Cancel));

    public async Task<Actor> PersonAsync() => Actor.User(await _connected.Store.PersonIdAsync(Cancel));

    public async Task MoveAsync(string subject, FolderRole role) =>
        Assert.Single((await Get<MessageFiling>().MoveAsync([(await MessageAsync(subject)).Id], role, await PersonAsync(), "web", Cancel)).Moved);

    public Task<List<ServerChange>> WaitingAsync() => ReadAsync(db => db.ServerChanges.AsNoTracking().ToListAsync(Cancel));

    public ValueTask DisposeAsync()
    {
        Server.Mailboxes.TryRemove(Address, out _);
        Server.Faults.Clear();
        Server.RejectsAsync = _ => Task.FromResult(false);
        Server.PageSize = 1000;
        return _connected.DisposeAsync();
    }
}
