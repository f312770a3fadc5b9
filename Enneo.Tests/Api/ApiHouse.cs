using System.Globalization;
using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Core.Templates;
using Enneo.Tests.Shell;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>The API's tests share one running program: starting it costs more than all they ask of it.</summary>
[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiHouse>
{
    public const string Name = "API";
}

/// <summary>Those that ask much share another one, so that both run at the same time.</summary>
[CollectionDefinition(Name)]
public sealed class HostileApiCollection : ICollectionFixture<ApiHouse>
{
    public const string Name = "hostile API";
}

/// <summary>
/// The whole program with two mailboxes without servers, "support" and "sales", an admin, and an agent who sees the
/// first of them.
/// </summary>
public sealed class ApiHouse : IAsyncLifetime
{
    public const string AgentEmail = "ben@example.test";
    public const string AgentPassword = "four words of ben";
    public const string Customer = "jonas@customer.example";

    private readonly EnneoApp _app = new()
    {
        Settings = new Dictionary<string, string> { ["Enneo:Net:TrustedHosts"] = $"localhost:{FilePort}", ["Enneo:Net:Timeout"] = "00:00:02", ["Enneo:Api:RequestsPerMinute"] = "100000", ["Enneo:Api:HookCallsPerMinute"] = "100000", ["Enneo:Webhooks:Timeout"] = "00:00:02" },
    };

    private readonly List<ApiClient> _clients = [];
    private int _number;

    /// <summary>The one port of this machine from which files may be fetched.</summary>
    public static int FilePort { get; } = Servers.FreePort.Next();

    public Uri Address => _app.Address;

    public long Support { get; private set; }

    public long Sales { get; private set; }

    public long AdminId { get; private set; }

    public long AgentId { get; private set; }

    /// <summary>By a service key that may do all, everywhere.</summary>
    public ApiClient Service { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public T Get<T>() where T : notnull => _app.Get<T>();

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        Support = await Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Example Support", IsDefault: true), [], "test", Cancel);
        Sales = await Get<MailImport>().AddAsync(new ImportedMailbox("Sales", "sales@example.test", "Example Sales", IsDefault: false), [], "test", Cancel);
        var agent = await Get<Accounts>().AddAsync(new NewAccount(AgentEmail, "Ben", Roles.Agent, AgentPassword, [Support]), Actor.Operator, "test", Cancel);
        AgentId = agent.UserId!.Value;
        AdminId = (await Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value;
        Service = await ServiceAsync(ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin);
    }

    /// <summary>A client with a service key of its own.</summary>
    public async Task<ApiClient> ServiceAsync(ApiScopes scopes, params long[] mailboxIds) => ClientOf(await SecretAsync(scopes, mailboxIds));

    /// <returns>A service key, as it is shown once.</returns>
    public async Task<string> SecretAsync(ApiScopes scopes, params long[] mailboxIds)
    {
        NewApiKey wanted = new($"Program {Interlocked.Increment(ref _number)}", scopes, mailboxIds.Length == 0 ? null : mailboxIds);
        return (await Get<ApiKeyEditing>().AddServiceAsync(wanted, Actor.User(AdminId), "test", Cancel)).Secret!;
    }

    /// <summary>A client with a key of a person.</summary>
    public async Task<ApiClient> PersonAsync(long userId, ApiScopes scopes, params long[] mailboxIds)
    {
        NewApiKey wanted = new($"Key {Interlocked.Increment(ref _number)}", scopes, mailboxIds.Length == 0 ? null : mailboxIds);
        var made = await Get<ApiKeyEditing>().AddPersonalAsync(userId, wanted, Actor.User(userId), "test", Cancel);
        Assert.Null(made.Problem);
        return ClientOf(made.Secret!);
    }

    /// <param name="key">Null for none.</param>
    public ApiClient ClientOf(string? key)
    {
        ApiClient client = new(Address, key);
        _clients.Add(client);
        return client;
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    public async Task<WebVisitor> SignInAsync(string email, string password)
    {
        WebVisitor visitor = new(Address);
        using var answer = await visitor.SignInAsync(email, password);
        Assert.Equal(System.Net.HttpStatusCode.Redirect, answer.StatusCode);
        return visitor;
    }

    /// <summary>What a browser calls in which somebody is signed in.</summary>
    /// <param name="withToken">With the token of a page of ours, as the page itself calls; else as a page of somebody else would.</param>
    public async Task<ApiClient> SessionAsync(string email, string password, bool withToken = true)
    {
        using var visitor = await SignInAsync(email, password);
        using var page = await visitor.GetAsync("account");
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(Cancel), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"").Groups[1].Value;
        Assert.NotEmpty(token);
        ApiClient client = new(Address, key: null)
        {
            Standing =
            [
                ("Cookie", string.Join("; ", visitor.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))),
                .. withToken ? [("RequestVerificationToken", token)] : ((string, string)[])[],
            ],
        };
        _clients.Add(client);
        return client;
    }

    /// <summary>A mail of a customer comes in.</summary>
    public async Task<ReceivedMail> ReceiveAsync(string subject, long? mailboxId = null, string from = Customer, string text = "Where is my parcel?", string headers = "", string type = "text/plain")
    {
        var number = Interlocked.Increment(ref _number);
        var raw = string.Create(
            CultureInfo.InvariantCulture,
            $"From: Jonas <{from}>\r\nTo: support@example.test\r\nSubject: {subject}\r\nMessage-ID: <m{number}@customer.example>\r\nDate: Sun, 29 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: {type}\r\n{headers}\r\n{text}\r\n");
        ImportedMail mail = new(FolderRole.Inbox, Encoding.UTF8.GetBytes(raw), Get<TimeProvider>().GetUtcNow(), Seen: false);
        return await Get<MailImport>().ReceiveAsync(mailboxId ?? Support, mail, Cancel);
    }

    /// <returns>A template of a mailbox alone.</returns>
    public async Task<long> TemplateAsync(long mailboxId) => (await Get<TemplateEditing>().AddAsync(
        new TemplateInput { Name = $"Template {mailboxId}", Text = "Dear {{customer}},\n{{parcel}} of {{ticket}} is on its way.", MailboxIds = [mailboxId] }, Actor.Operator, "test", Cancel)).TemplateId!.Value;

    /// <returns>The first delivery of a webhook, once there is one.</returns>
    public async Task<long> DeliveryAsync(long webhookId)
    {
        long? found = null;
        await EnneoStore.UntilAsync(
            async () => (found = await ReadAsync(db => db.Set<Core.Integrations.Webhooks.WebhookDelivery>().Where(d => d.WebhookId == webhookId).Select(d => (long?)d.Id).FirstOrDefaultAsync(Cancel))) is not null,
            TimeSpan.FromMinutes(1), Cancel);
        return found!.Value;
    }

    /// <summary>Nothing is left to do of a mail.</summary>
    public Task ProcessedAsync(long messageId) => EnneoStore.UntilAsync(
        () => ReadAsync(async db => !await db.ProcessingRuns.AnyAsync(run => run.MessageId == messageId && run.FinishedAt == null, Cancel)), TimeSpan.FromSeconds(30), Cancel);

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        await _app.DisposeAsync();
    }
}
