using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Connections;

internal static class ConnectionsServices
{
    public static IServiceCollection AddConnections(this IServiceCollection services)
    {
        services.AddOptions<ConnectionOptions>().BindConfiguration(ConnectionOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<ConnectionOptions>, ConnectionOptionsValidator>()
            .AddSingleton<KeptPauses>()
            .AddSingleton<ImapConnector>()
            .AddSingleton<SmtpConnector>();
    }
}
