using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Automations;

internal static class AutomationsServices
{
    public static IServiceCollection AddAutomations(this IServiceCollection services) => services
        .AddSingleton<AutomationInputValidator>()
        .AddSingleton<AutomationEditing>()
        .AddSingleton<AutomationQueries>()
        .AddSingleton<AutomationRuns>()
        .AddSingleton<AutomationRunning>()
        .AddSingleton<AutoReplying>()
        .AddSingleton<MailboxReplies>()
        .AddSingleton<AutomationProposals>();
}
