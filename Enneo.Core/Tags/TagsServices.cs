using Enneo.Core.Tags.Detection;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Tags;

internal static class TagsServices
{
    public static IServiceCollection AddTags(this IServiceCollection services) => services
        .AddSingleton<TagInputValidator>()
        .AddSingleton<TagEditing>()
        .AddSingleton<TagQueries>()
        .AddSingleton<SeenTags>()
        .AddSingleton<TicketTagging>()
        .AddSingleton<AutomaticTags>()
        .AddSingleton<TagModels>()
        .AddSingleton<TagDetection>()
        .AddSingleton<ConditionTrial>();
}
