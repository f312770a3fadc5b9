using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Microsoft365;

internal static class Microsoft365Services
{
    public static IServiceCollection AddMicrosoft365(this IServiceCollection services) => services
        .AddSingleton<CloudHttp>()
        .AddSingleton<Registration>()
        .AddSingleton<GraphPeople>()
        .AddSingleton<MicrosoftPace>()
        .AddSingleton(provider => new GraphSending(
            provider.GetRequiredService<AccountTokens>(),
            provider.GetRequiredService<CloudHttp>(),
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>()))
        .AddSingleton(provider => new GraphRoad(
            provider.GetRequiredService<AccountTokens>(),
            provider.GetRequiredService<CloudHttp>(),
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>()))
        .AddSingleton(provider => new GraphReading(
            provider.GetRequiredService<KeptPauses>(),
            provider.GetRequiredService<AccountTokens>(),
            provider.GetRequiredService<CloudHttp>(),
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new PeopleSignIn(provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(), provider.GetRequiredService<Registration>(), provider.GetRequiredService<GraphPeople>()))
        .AddSingleton(provider => new ApplicationConnecting(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<SecretWarnings>()
        .AddSingleton(provider => new RegistrationCheck(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<CloudHttp>(),
            provider.GetRequiredService<GraphRoad>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Microsoft365SettingsEditing(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            new TenantNames(provider.GetRequiredService<CloudHttp>()),
            provider.GetRequiredService<TimeProvider>()));
}
