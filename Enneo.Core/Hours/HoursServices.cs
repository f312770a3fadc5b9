using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Hours;

internal static class HoursServices
{
    public static IServiceCollection AddHours(this IServiceCollection services) => services
        .AddSingleton<BusinessHoursValidator>()
        .AddSingleton<BusinessHoursEditing>();
}
