using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.OAuth;

/// <summary>An installation that is registered at the lab's other provider.</summary>
internal sealed class ProviderStore : IAsyncDisposable
{
    public const string Session = "session-of-anna";
    public const string Redirect = "http://localhost:5080/oauth/callback";

    private readonly TemporaryFolder _folder;
    private readonly OtherProvider _provider;

    private ProviderStore(TemporaryFolder folder, EnneoStore store, OtherProvider provider) => (_folder, Store, _provider) = (folder, store, provider);

    public EnneoStore Store { get; }

    public long ProviderId { get; private set; }

    public string DataDirectory => _folder["data"];

    public T Get<T>() where T : notnull => Store.Get<T>();

    public static async Task<ProviderStore> CreateAsync(OtherProvider provider, CancellationToken cancellationToken, ProviderInput? settings = null)
    {
        TemporaryFolder folder = new();
        ProviderStore made = new(folder, await EnneoStore.CreateAsync(folder["data"], cancellationToken), provider);
        made.ProviderId = await made.SaveAsync(null, settings ?? provider.Settings, cancellationToken);
        return made;
    }

    public async Task<long> SaveAsync(long? providerId, ProviderInput settings, CancellationToken cancellationToken)
    {
        var saved = await Get<ProviderEditing>().SaveAsync(providerId, settings, Actor.Operator, "test", cancellationToken);
        Assert.Empty(saved.Errors);
        return saved.ProviderId!.Value;
    }

    public Task<ConnectStart> StartAsync(string address, CancellationToken cancellationToken, long? mailboxId = null) =>
        Get<AccountConnecting>().StartAsync(new ConnectWish(address, "form", Session, 1, mailboxId, Redirect, ProviderId), cancellationToken);

    /// <summary>Somebody signs in for a mailbox.</summary>
    public async Task<ConnectResult> ConnectAsync(string address, CancellationToken cancellationToken, string? person = null, long? mailboxId = null)
    {
        var start = await StartAsync(address, cancellationToken, mailboxId);
        return await Get<AccountConnecting>().FinishAsync(_provider.Oidc.LogIn(start.Login!, person ?? address), Session, cancellationToken);
    }

    /// <returns>The id of a mailbox that is connected.</returns>
    public async Task<long> AddAsync(string address, CancellationToken cancellationToken)
    {
        var connected = await ConnectAsync(address, cancellationToken);
        return await Store.AddAsync(Input(address, connected.Account!.Id), cancellationToken);
    }

    public Task<Mailbox> MailboxAsync(long mailboxId, CancellationToken cancellationToken) =>
        Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, cancellationToken), cancellationToken);

    public Task ChangeAsync(Func<EnneoDbContext, Task> change, CancellationToken cancellationToken) => Get<WriterLane>().RunAsync((db, _) => change(db), cancellationToken);

    public static MailboxInput Input(string address, long? accountId, string method = "oauth") => new()
    {
        Name = address.Split('@')[0],
        Data = new MailboxData { Method = method, Address = address, Account = accountId },
    };

    public async ValueTask DisposeAsync()
    {
        _provider.Oidc.Behave();
        await Store.DisposeAsync();
        _folder.Dispose();
    }
}
