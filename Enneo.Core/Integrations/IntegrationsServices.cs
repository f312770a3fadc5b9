using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Receiving;
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
        .AddSingleton<MessageStoring>()
        .AddSingleton<MessagePatching>()
        .AddSingleton<ProcessingAwaiting>()
        .AddSingleton<Presence>()
        .AddSingleton<KeyedRequests>();
}
