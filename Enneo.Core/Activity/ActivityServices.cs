using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Activity;

internal static class ActivityServices
{
    public static IServiceCollection AddActivity(this IServiceCollection services) => services
        .AddSingleton<LiveFeed>()
        .AddSingleton<ActivityQueries>()
        .AddSingleton<AuditQueries>()
        .AddHostedService<LiveFeedReader>();
}
