using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests;

/// <summary>
/// Everything that Enneo is but its jobs, on a data directory that a server in another process may be using at the same
/// time, as the commands do: to read and to ask for changes. Nothing that stores mail (sending does) may be asked of it
/// while a server runs or after another one ran; open it anew for that.
/// </summary>
public sealed class EnneoStore : IAsyncDisposable
{
    public const string PersonEmail = "anna@example.test";
    public const string PersonPassword = "four words of anna";

    private static readonly TemporaryFolder s_folder = new();
    private static readonly Lazy<Task> s_first = new(AddPersonAsync);

    private readonly ServiceProvider _services;

    private EnneoStore(string dataDirectory, IReadOnlyDictionary<string, string> settings, TimeProvider clock)
    {
        DataDirectory directory = new(dataDirectory);
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(clock)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(
                settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build())
            .AddEnneoCore(directory);
        services.AddDataProtection().SetApplicationName("Enneo").PersistKeysToFileSystem(new DirectoryInfo(directory.Keys));
        _services = services.BuildServiceProvider();
    }

    /// <summary>Makes the data directory with one admin: a copy of one that the program's own command made.</summary>
    /// <param name="settings">As environment variables; give the server the same.</param>
    /// <param name="clock">Null for that of the machine.</param>
    public static async Task<EnneoStore> CreateAsync(
        string dataDirectory, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null)
    {
        await CopyFirstAsync(dataDirectory);
        cancellationToken.ThrowIfCancellationRequested();
        return Open(dataDirectory, settings, clock);
    }

    internal static async Task CopyFirstAsync(string dataDirectory)
    {
        await s_first.Value;
        TemporaryFolder.Copy(s_folder["data"], dataDirectory);
    }

    public static EnneoStore Open(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null) =>
        new(dataDirectory, settings ?? new Dictionary<string, string>(), clock ?? TimeProvider.System);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<long> PersonIdAsync(CancellationToken cancellationToken) =>
        (await Get<Accounts>().ListAsync(cancellationToken)).Single(person => person.Email == PersonEmail).Id;

    /// <returns>The mailbox's id.</returns>
    public async Task<long> AddAsync(MailboxInput mailbox, CancellationToken cancellationToken)
    {
        var added = await Get<MailboxEditing>().AddAsync(mailbox, Actor.Operator, "command", cancellationToken);
        Assert.Empty(added.Errors);
        return added.MailboxId!.Value;
    }

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(cancellationToken);
        return await read(db);
    }

    public async Task<MailboxReport> ReportAsync(long mailboxId, CancellationToken cancellationToken) =>
        (await Get<MailboxReports>().ListAsync(cancellationToken)).Single(report => report.Mailbox.Id == mailboxId);

    /// <summary>Asks again and again.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan limit, CancellationToken cancellationToken, int everyMilliseconds = 50)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(everyMilliseconds), TimeProvider.System, timeout.Token);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static async Task AddPersonAsync()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => s_folder.Dispose();
        var added = await EnneoProcess.RunAsync(
            s_folder["data"], ["user", "add", "--email", PersonEmail, "--role", "admin", "--name", "Anna"], CancellationToken.None, PersonPassword + "\n");
        Assert.True(added.ExitCode == 0, added.Errors);
    }
}
