using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Conditions;

internal static class ConditionsServices
{
    public static IServiceCollection AddConditions(this IServiceCollection services) => services
        .AddSingleton<MailFactsReading>();
}
