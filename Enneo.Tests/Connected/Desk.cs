using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Sync;
using Enneo.Core.Tags;
using Enneo.Tests.Api;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Connected;

/// <summary>An installation with a mailbox, four tags and a program that works in it by the API: in this process, or in one of its own that can be killed.</summary>
internal sealed class Desk(string name, bool isProcess) : IAsyncDisposable
{
    private static readonly Dictionary<string, string> s_settings = new()
    {
        ["Enneo:Api:RequestsPerMinute"] = "100000",
        ["Enneo:Api:HookCallsPerMinute"] = "100000",
        ["Enneo:Webhooks:Timeout"] = "00:00:10",
    };

    private readonly TemporaryFolder _folder = new();
    private EnneoApp? _app;
    private EnneoProcess? _process;

    public static readonly string[] Tags = ["Billing", "Parcel", "Return", "Urgent help"];

    public int Port { get; } = FreePort.Next();

    public string Name => name;

    public EnneoStore Store { get; private set; } = null!;

    public long MailboxId { get; private set; }

    public ApiClient Program { get; private set; } = null!;

    /// <summary>By name.</summary>
    public Dictionary<string, long> TagIds { get; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task SetUpAsync()
    {
        Store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
        MailboxId = await Store.Get<MailImport>().AddAsync(new ImportedMailbox(name, $"{name.ToLowerInvariant()}@example.test", name, IsDefault: true), [], "test", Cancel);
        var key = await KeyAsync("Program");
        Program = new ApiClient(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}/")), key.Secret);
        foreach (var tag in Tags)
        {
            TagIds[tag] = (await Store.Get<TagEditing>().AddAsync(new TagInput { Name = tag }, Actor.Operator, "test", Cancel)).TagId!.Value;
        }
    }

    public Task<ApiKeyResult> KeyAsync(string keyName) =>
        Store.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey(keyName, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin), Actor.Operator, "test", Cancel);

    /// <summary>Keeps another one in step from now on.</summary>
    /// <param name="there">By which port the other one is reached, and by which it reaches this one.</param>
    /// <returns>The integration here, and the webhook there.</returns>
    public async Task<(long IntegrationId, long WebhookId)> ConnectAsync(Desk other, int there, int here, Func<IntegrationInput, IntegrationInput>? change = null)
    {
        var key = await other.KeyAsync(name);
        IntegrationInput input = new()
        {
            Name = other.Name,
            Kind = OtherKind.Enneo,
            Url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{there}/api/mind/"),
            MayBePrivate = true,
            Credential = key.Secret,
            MailboxId = MailboxId,
            TheirMailbox = other.MailboxId.ToString(CultureInfo.InvariantCulture),
            Owner = SendingOwner.There,
            Rules = IntegrationPresets.RulesOf(OtherKind.Enneo),
        };
        input = change?.Invoke(input) ?? input;
        var added = await Store.Get<IntegrationEditing>().AddAsync(input, Actor.Operator, "test", Cancel);
        Assert.Empty(added.Errors);
        var view = (await Store.Get<IntegrationQueries>().ListAsync(Actor.Operator, Cancel)).Single();
        var webhook = await other.Store.Get<WebhookEditing>().AddAsync(
            new WebhookInput { Url = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{here}/api/mind/hook/{view.HookId}"), MayBePrivate = true, OwnKeyId = key.KeyId }, Actor.Operator, "test", Cancel);
        Assert.Empty(webhook.Errors);
        Assert.Empty((await Store.Get<IntegrationEditing>().UpdateAsync(added.IntegrationId!.Value, input with { TheirSecret = webhook.Secret, Credential = null }, Actor.Operator, "test", Cancel)).Errors);
        return (added.IntegrationId!.Value, webhook.WebhookId!.Value);
    }

    /// <summary>Of the running program, where it runs in this process.</summary>
    public T Get<T>() where T : notnull => _app is { } app ? app.Get<T>() : Store.Get<T>();

    public async Task StartAsync()
    {
        if (isProcess)
        {
            _process = await EnneoProcess.StartAsync(_folder["data"], Cancel, Port, s_settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value));
        }
        else
        {
            _app = new EnneoApp { WithPerson = false, DataDirectory = _folder["data"], Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}/")), Settings = s_settings };
            await _app.InitializeAsync();
        }
    }

    /// <param name="kill">Where it is a process of its own: kill -9.</param>
    public async Task StopAsync(bool kill)
    {
        if (_process is { } process)
        {
            if (kill)
            {
                await process.KillAsync();
            }
            else
            {
                await process.StopAsync(Cancel);
            }

            await process.DisposeAsync();
        }

        if (_app is { } app)
        {
            await app.DisposeAsync();
        }

        (_process, _app) = (null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(kill: true);
        Program?.Dispose();
        if (Store is not null)
        {
            await Store.DisposeAsync();
        }

        _folder.Dispose();
    }
}
