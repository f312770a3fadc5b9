using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Net;

internal static class NetServices
{
    public static IServiceCollection AddNet(this IServiceCollection services)
    {
        services.AddOptions<NetOptions>().BindConfiguration(NetOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<NetOptions>, NetOptionsValidator>()
            .AddSingleton<GuardedHttp>()
            .AddSingleton<GuardedPosting>()
            .AddSingleton<GuardedCalls>();
    }
}
