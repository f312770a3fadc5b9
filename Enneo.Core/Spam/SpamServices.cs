using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Spam;

internal static class SpamServices
{
    public static IServiceCollection AddSpam(this IServiceCollection services) => services
        .AddSingleton<SpamIntake>()
        .AddSingleton<ModelJudging>()
        .AddSingleton<SpamDecisions>()
        .AddSingleton<JunkFollowing>()
        .AddSingleton<SpamLearning>()
        .AddSingleton<SpamQueries>()
        .AddHostedService<SpamTeaching>();
}
