using Enneo.Core.Activity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;

namespace Enneo.Tests.Microsoft365;

/// <summary>An installation that is registered at the lab's Microsoft 365.</summary>
public sealed class ConnectedStore : IAsyncDisposable
{
    public const string Session = "session-of-anna";
    public const string Redirect = "http://localhost:5080/microsoft365/callback";

    private readonly TemporaryFolder _folder;
    private readonly Office365 _office;

    private ConnectedStore(TemporaryFolder folder, EnneoStore store, Office365 office) => (_folder, Store, _office) = (folder, store, office);

    public EnneoStore Store { get; }

    public string DataDirectory => _folder["data"];

    public T Get<T>() where T : notnull => Store.Get<T>();

    public static async Task<ConnectedStore> CreateAsync(Office365 office, CancellationToken cancellationToken, TimeProvider? clock = null)
    {
        TemporaryFolder folder = new();
        var store = await EnneoStore.CreateAsync(folder["data"], cancellationToken, clock: clock);
        ConnectedStore connected = new(folder, store, office);
        Assert.Empty(await connected.Get<Microsoft365SettingsEditing>().SaveAsync(office.Registration, Actor.Operator, "test", cancellationToken));
        return connected;
    }

    internal async Task<Uri?> StartAsync(string address, CancellationToken cancellationToken, long? mailboxId = null, string session = Session, string form = "form", bool isShared = false) =>
        (await Get<AccountConnecting>().StartAsync(new ConnectWish(address, form, session, 1, mailboxId, Redirect) { IsShared = isShared ? true : null }, cancellationToken)).Login;

    /// <summary>Somebody signs in for a mailbox.</summary>
    internal async Task<ConnectResult> ConnectAsync(string address, CancellationToken cancellationToken, string? person = null, long? mailboxId = null, bool isShared = false)
    {
        var login = await StartAsync(address, cancellationToken, mailboxId, isShared: isShared);
        return await Get<AccountConnecting>().FinishAsync(_office.Entra.LogIn(login!, person ?? address), Session, cancellationToken);
    }

    /// <returns>The id of a mailbox that is connected.</returns>
    internal async Task<long> AddAsync(string address, CancellationToken cancellationToken)
    {
        var connected = await ConnectAsync(address, cancellationToken);
        return await Store.AddAsync(Input(address, connected.Account!.Id), cancellationToken);
    }

    /// <returns>The id of a mailbox that the app itself opens.</returns>
    internal async Task<long> AddApplicationAsync(string address, CancellationToken cancellationToken)
    {
        var connected = await Get<ApplicationConnecting>().ConnectAsync(address, cancellationToken);
        return await Store.AddAsync(Input(address, connected.Account!.Id), cancellationToken);
    }

    internal static MailboxInput Input(string address, long? accountId) => new()
    {
        Name = address.Split('@')[0],
        Data = new MailboxData { Method = "microsoft365", Address = address, Account = accountId },
    };

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
