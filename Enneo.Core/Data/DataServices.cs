using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Data;

internal static class DataServices
{
    public static IServiceCollection AddData(this IServiceCollection services, DataDirectory directory)
    {
        services.AddSingleton(directory);
        services.AddSingleton<WriterLane>();
        services.AddSingleton<DatabaseSnapshot>();
        services.AddSingleton<DataReplacement>();
        services.AddSingleton(provider => new ReadingContexts(directory, options => options.UseApplicationServiceProvider(provider)));
        services.AddSingleton<IDbContextFactory<EnneoDbContext>>(provider => provider.GetRequiredService<ReadingContexts>());

        // Identity's stores read and save through a context of their own; its saves take their turn in the lane.
        services.AddScoped(provider => new EnneoDbContext(new DbContextOptionsBuilder<EnneoDbContext>()
            .UseSqlite(EnneoDatabase.ConnectionString(directory, SqliteOpenMode.ReadWrite))
            .UseApplicationServiceProvider(IdentitySchema.Services)
            .AddInterceptors(new SqlitePragmas(), new SaveInLane(provider.GetRequiredService<WriterLane>()))
            .Options));
        return services;
    }
}
