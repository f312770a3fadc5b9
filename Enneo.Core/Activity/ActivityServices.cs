using Enneo.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Activity;

internal static class ActivityServices
{
    public static IServiceCollection AddActivity(this IServiceCollection services)
    {
        services.AddOptions<ActivityOptions>().BindConfiguration(ActivityOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<ActivityOptions>, ActivityOptionsValidator>()
            .AddSingleton<LiveFeed>()
            .AddSingleton<ActivityQueries>()
            .AddSingleton<AuditQueries>()
            .AddSingleton<ChangeFeed>()
            .AddSingleton<ActivityRetention>()
            .AddHostedService<LiveFeedReader>()
            .AddRegular<ActivityRetention>(new("retention", "activity"), every: TimeSpan.FromDays(1), first: TimeSpan.FromMinutes(20));
    }
}
