using Enneo.Core.Integrations.Search;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Integrations;

internal static class IntegrationsServices
{
    public static IServiceCollection AddIntegrations(this IServiceCollection services) => services
        .AddSingleton<TicketSearch>()
        .AddSingleton<TicketReading>()
        .AddSingleton<TicketPatching>()
        .AddSingleton<AttachmentFetching>()
        .AddSingleton<MailReceiving>()
        .AddSingleton<TicketCreation>()
        .AddSingleton<Reprocessing>()
        .AddSingleton<KeyedRequests>();
}
