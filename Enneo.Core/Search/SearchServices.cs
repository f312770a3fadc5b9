using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Search;

internal static class SearchServices
{
    public static IServiceCollection AddSearch(this IServiceCollection services)
    {
        services
            .AddSingleton<SearchBacklog>()
            .AddSingleton<SearchRebuild>()
            .AddSingleton<SearchQueries>()
            .AddSingleton<SimilarMail>()
            .AddSingleton<SearchSuggestions>();
        services.AddSingleton<SearchUpkeep>().AddHostedService(provider => provider.GetRequiredService<SearchUpkeep>());
        services.AddSingleton<SearchWarmup>().AddHostedService(provider => provider.GetRequiredService<SearchWarmup>());
        return services;
    }
}
