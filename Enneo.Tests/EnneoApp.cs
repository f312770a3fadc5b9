using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Playwright;

namespace Enneo.Tests;

/// <summary>
/// The whole program in this process, by its own entry point, on a port and a data directory of its own, with one
/// admin. Use it as a class fixture or by hand. What needs killing runs as <see cref="EnneoProcess"/>.
/// </summary>
public sealed class EnneoApp : IAsyncLifetime
{
    private static readonly AsyncLocal<TaskCompletionSource<IHost>?> s_starting = new();
    private static readonly IDisposable s_listening = DiagnosticListener.AllListeners.Subscribe(new HostListener());

    private readonly TemporaryFolder _folder = new();
    private Task<int> _running = Task.FromResult(0);
    private IHost? _host;

    /// <summary>E.g. <c>Enneo:Sending:UndoTime</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The first-run page makes the first admin when this is off.</summary>
    public bool WithPerson { get; init; } = true;

    public Uri Address { get; init; } = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort.Next()}/"));

    /// <summary>One of its own, unless a test brings one, which is then left as it is.</summary>
    public string DataDirectory
    {
        get => field ?? _folder["data"];
        init;
    }

    private IHost Host => _host ?? throw new InvalidOperationException("The program is not running.");

    public T Get<T>() where T : notnull => Host.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        if (WithPerson)
        {
            await EnneoStore.CopyFirstAsync(DataDirectory);
        }

        string[] arguments =
        [
            $"--Enneo:DataDirectory={DataDirectory}",
            $"--Enneo:Urls={Address.ToString().TrimEnd('/')}",
            "--Logging:LogLevel:Default=Critical",
            .. Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
        GC.KeepAlive(s_listening);
        TaskCompletionSource<IHost> built = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = Task.Run(() =>
        {
            s_starting.Value = built;
            return EnterAsync(arguments);
        });
        await Task.WhenAny(built.Task, _running);
        _host = built.Task.IsCompleted ? await built.Task : throw new InvalidOperationException($"The program ended with {await _running}.");

        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (Get<IHostApplicationLifetime>().ApplicationStarted.Register(started.SetResult))
        {
            await Task.WhenAny(started.Task, _running);
        }
    }

    /// <summary>As <c>dotnet Enneo.Web.dll</c> would.</summary>
    internal static async Task<int> EnterAsync(string[] arguments) =>
        typeof(Program).Assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null) switch
        {
            Task<int> task => await task,
            var code => (int)code!,
        };

    /// <returns>The person's id.</returns>
    public async Task<long> AddPersonAsync(string email, string password, string role, CancellationToken cancellationToken)
    {
        var added = await Get<Accounts>().AddAsync(new NewAccount(email, email.Split('@')[0], role, password), Actor.Operator, "command", cancellationToken);
        Assert.Null(added.Problem);
        return added.UserId!.Value;
    }

    /// <returns>The mailbox's id; it begins to sync at once.</returns>
    public async Task<long> AddAsync(MailboxInput mailbox, CancellationToken cancellationToken)
    {
        var added = await Get<MailboxEditing>().AddAsync(mailbox, Actor.Operator, "command", cancellationToken);
        Assert.Empty(added.Errors);
        return added.MailboxId!.Value;
    }

    /// <summary>A browser in which the admin is signed in.</summary>
    public Task<Visit> SignInAsync(Chromium chromium, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool trustsEverybody = false) =>
        SignInAsync(chromium, Address, width, height, scheme, trustsEverybody);

    /// <summary>The same for a server in another process.</summary>
    public static async Task<Visit> SignInAsync(
        Chromium chromium, Uri address, int width = 1440, int height = 900, ColorScheme scheme = ColorScheme.Light, bool trustsEverybody = false)
    {
        var visit = await chromium.VisitAsync(address, width, height, scheme, trustsEverybody);
        await visit.Page.GotoAsync("/sign-in");
        await visit.Page.Locator("#email").FillAsync(EnneoStore.PersonEmail);
        await visit.Page.Locator("#password").FillAsync(EnneoStore.PersonPassword);
        await visit.Page.Locator("button[type=submit]").ClickAsync();
        await visit.Page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null && !_running.IsCompleted)
        {
            Get<IHostApplicationLifetime>().StopApplication();
        }

        await _running;
        _folder.Dispose();
    }

    /// <summary>Every host says so once it is built; the one that was just asked for is known by the flow of execution.</summary>
    private sealed class HostListener : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilt", Value: IHost host })
            {
                s_starting.Value?.TrySetResult(host);
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
