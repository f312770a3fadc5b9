using Enneo.Core.Data;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Enneo.Core.Analysis;

internal static class AnalysisServices
{
    public static IServiceCollection AddAnalysis(this IServiceCollection services) => services
        .AddSingleton<AiHttp>()
        .AddSingleton<LanguageModel>()
        .AddSingleton<AiAsking>()
        .AddSingleton<AiSettingsValidator>()
        .AddSingleton(provider => new AiSettingsEditing(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<LanguageModel>(),
            provider.GetRequiredService<AiAsking>(),
            provider.GetRequiredService<AiSettingsValidator>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<SimilarAnswers>()
        .AddSingleton<AnalysisQueries>()
        .AddSingleton<ModelHint>()
        .AddSingleton(provider => new MailAnalysing(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<AiAsking>(),
            provider.GetRequiredService<SimilarAnswers>(),
            provider.GetRequiredService<MessageReader>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MailAnalysing>>()))
        .AddSingleton(provider => new SecondOpinion(provider.GetRequiredService<AiAsking>()))
        .AddSingleton<AnalysisScheduler>()
        .AddHostedService(provider => provider.GetRequiredService<AnalysisScheduler>());
}
