using Enneo.Core.Processing.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Processing;

internal static class ProcessingServices
{
    public static IServiceCollection AddProcessing(this IServiceCollection services) => services
        .AddSingleton<ModelStep>()
        .AddSingleton<LanguageStep>()
        .AddSingleton<TagStep>()
        .AddSingleton<AutomationStep>()
        .AddSingleton<AutoReplyStep>()
        .AddSingleton<AnalysisStep>()
        .AddSingleton<ProcessingSteps>()
        .AddSingleton<MailProcessing>()
        .AddSingleton<ProcessingQueries>()
        .AddSingleton<ProcessingRetry>()
        .AddSingleton<ProcessingScheduler>()
        .AddHostedService(provider => provider.GetRequiredService<ProcessingScheduler>());
}
