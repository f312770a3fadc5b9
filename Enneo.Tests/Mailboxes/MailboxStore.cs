using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Mailboxes;

/// <summary>Mailboxes on a database of their own.</summary>
public sealed class MailboxStore : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("mailboxes-").FullName;
    private readonly ServiceProvider _services;

    public MailboxStore()
        : this(TimeProvider.System)
    {
    }

    private MailboxStore(TimeProvider clock) => _services = new ServiceCollection()
        .AddSingleton(clock)
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
        .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
        .AddEnneoCore(new DataDirectory(_directory))
        .BuildServiceProvider();

    public static MailboxStore At(TimeProvider clock) => new(clock);

    public MailboxEditing Editing => Get<MailboxEditing>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask InitializeAsync() => await EmptyDatabase.PutAsync(Get<DataDirectory>());

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var db = await Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(cancellationToken);
        return await read(db);
    }

    public Task<Mailbox> MailboxAsync(long id, CancellationToken cancellationToken) =>
        ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == id, cancellationToken), cancellationToken);

    public Task<List<ActivityEntry>> ActivityAsync(CancellationToken cancellationToken) =>
        ReadAsync(db => db.Activity.AsNoTracking().OrderBy(e => e.Sequence).ToListAsync(cancellationToken), cancellationToken);

    /// <returns>The new mailbox's id.</returns>
    public async Task<long> AddAsync(MailboxInput input, CancellationToken cancellationToken)
    {
        var result = await Editing.AddAsync(input, Actor.Operator, "command", cancellationToken);
        Assert.Empty(result.Errors);
        return result.MailboxId!.Value;
    }
}
