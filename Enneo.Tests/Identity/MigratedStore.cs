using Enneo.Core;
using Enneo.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Enneo.Tests.Identity;

/// <summary>Everything that Enneo is but its jobs, on a database of its own that was made as a server makes it.</summary>
public sealed class MigratedStore : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services;

    public MigratedStore()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build())
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider())
            .AddEnneoCore(new DataDirectory(_folder.Path))
            .BuildServiceProvider();
        Migration = new DatabaseMigration(Get<DataDirectory>(), TimeProvider.System, NullLogger<DatabaseMigration>.Instance);
    }

    public DatabaseMigration Migration { get; }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async ValueTask InitializeAsync() => Assert.Null(await Migration.RunAsync(TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
