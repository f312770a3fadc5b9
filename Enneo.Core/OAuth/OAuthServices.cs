using Enneo.Core.Data;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.OAuth;

internal static class OAuthServices
{
    public static IServiceCollection AddOAuth(this IServiceCollection services) => services
        .AddSingleton<AccountRecords>()
        .AddSingleton<AccountQueries>()
        .AddSingleton<Authorities>()
        .AddSingleton<OpenClient>()
        .AddSingleton<ProviderSecrets>()
        .AddSingleton<ProviderQueries>()
        .AddSingleton(provider => new ProviderEditing(
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<ProviderSecrets>(),
            provider.GetRequiredService<OpenClient>(),
            provider.GetRequiredService<TokenRevocation>(),
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new TokenRevocation(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(), provider.GetRequiredService<OpenClient>(), provider.GetRequiredService<ILogger<TokenRevocation>>()))
        .AddSingleton(provider => new AccountTokens(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<Authorities>(),
            provider.GetRequiredService<AccountRecords>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccountTokens>>()))
        .AddSingleton(provider => new AccountConnecting(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<Registration>(),
            provider.GetRequiredService<Authorities>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<AccountConnecting>>()));
}
