using Enneo.Core.Data;
using Enneo.Core.Integrations.Comparison;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Patching;
using Enneo.Core.Integrations.Receiving;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Integrations;

internal static class IntegrationsServices
{
    public static IServiceCollection AddIntegrations(this IServiceCollection services) => services
        .AddSingleton<TicketSearch>()
        .AddSingleton<KeptTickets>()
        .AddSingleton<TicketReading>()
        .AddSingleton<TicketPatching>()
        .AddSingleton<AttachmentFetching>()
        .AddSingleton<KnownMails>()
        .AddSingleton<MailReceiving>()
        .AddSingleton<MailArrivals>()
        .AddSingleton<TicketCreation>()
        .AddSingleton<Reprocessing>()
        .AddSingleton<MessageStoring>()
        .AddSingleton<MessageReplying>()
        .AddSingleton<MessagePatching>()
        .AddSingleton<MessageDeleting>()
        .AddSingleton<MessageSplitting>()
        .AddSingleton<ProcessingAwaiting>()
        .AddSingleton<Presence>()
        .AddSingleton<KeyedRequests>()
        .AddSingleton<HelpdeskListing>()
        .AddSingleton<LostMailAudit>()
        .AddSingleton<TakingOver>()
        .AddWebhooks()
        .AddHooks()
        .AddConnected();

    private static IServiceCollection AddHooks(this IServiceCollection services) => services
        .AddSingleton<HookInputValidator>()
        .AddSingleton<HookSecrets>()
        .AddSingleton<HookEditing>()
        .AddSingleton<HookQueries>()
        .AddSingleton<HookWork>()
        .AddSingleton<HookReceiving>();

    private static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>()
            .AddSingleton<WebhookInputValidator>()
            .AddSingleton<WebhookSigning>()
            .AddSingleton<WebhookEditing>()
            .AddSingleton<WebhookQueries>()
            .AddSingleton<WebhookReplay>()
            .AddSingleton<WebhookFanOut>()
            .AddSingleton<WebhookQueue>()
            .AddSingleton<WebhookRecords>()
            .AddSingleton<WebhookRest>()
            .AddSingleton<WebhookDelivering>()
            .AddSingleton<WebhookRetention>()
            .AddSingleton(provider => new WebhookTrial(provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(), provider.GetRequiredService<WebhookDelivering>()))
            .AddSingleton<WebhookScheduler>()
            .AddHostedService(provider => provider.GetRequiredService<WebhookScheduler>())
            .AddRegular<WebhookRetention>(new("retention", "webhooks"), every: TimeSpan.FromDays(1), first: TimeSpan.FromMinutes(30));
    }
}
