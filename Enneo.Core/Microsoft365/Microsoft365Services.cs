using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Microsoft365;

internal static class Microsoft365Services
{
    public static IServiceCollection AddMicrosoft365(this IServiceCollection services) => services
        .AddSingleton<CloudHttp>()
        .AddSingleton<Registration>()
        .AddSingleton<AccountRecords>()
        .AddSingleton<GraphPeople>()
        .AddSingleton<AccountQueries>()
        .AddSingleton(provider => new AccountTokens(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<AccountRecords>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccountTokens>>()))
        .AddSingleton(provider => new GraphSending(
            provider.GetRequiredService<AccountTokens>(),
            provider.GetRequiredService<CloudHttp>(),
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>()))
        .AddSingleton(provider => new AccountConnecting(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<GraphPeople>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccountConnecting>>()))
        .AddSingleton(provider => new PeopleSignIn(provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(), provider.GetRequiredService<Registration>()))
        .AddSingleton(provider => new ApplicationConnecting(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Microsoft365SettingsEditing(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<TimeProvider>()));
}
