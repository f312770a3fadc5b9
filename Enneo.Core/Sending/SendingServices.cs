using Enneo.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sending;

internal static class SendingServices
{
    public static IServiceCollection AddSending(this IServiceCollection services)
    {
        services.AddOptions<SendingOptions>().BindConfiguration(SendingOptions.Section).ValidateOnStart();
        services
            .AddSingleton<IValidateOptions<SendingOptions>, SendingOptionsValidator>()
            .AddSingleton<DraftUploads>()
            .AddSingleton<SentDrafts>()
            .AddSingleton<Requesters>()
            .AddSingleton<Drafts>()
            .AddSingleton<ProgramSending>()
            .AddSingleton<MailComposer>()
            .AddSingleton<Queueing>()
            .AddSingleton<TakingBack>()
            .AddSingleton<OutgoingChanges>()
            .AddSingleton<OutgoingRecords>()
            .AddSingleton<OutgoingSource>()
            .AddSingleton<FilingRecords>()
            .AddSingleton<SentCopySearch>()
            .AddSingleton<GraphFiling>()
            .AddSingleton<Filing>()
            .AddSingleton<PickupFolder>()
            .AddSingleton<Handover>()
            .AddSingleton<GraphHandover>()
            .AddSingleton<OwnMail>()
            .AddSingleton<AdminMail>()
            .AddSingleton<InvitationMail>()
            .AddSingleton<OutageAlerts>()
            .AddHostedService(provider => provider.GetRequiredService<OutageAlerts>())
            .AddSingleton<SecretAlerts>()
            .AddHostedService(provider => provider.GetRequiredService<SecretAlerts>())
            .AddSingleton<Delivery>();
        services.AddSingleton(provider => new Outbox(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<Queueing>(),
            provider.GetRequiredService<TakingBack>(),
            provider.GetRequiredService<OutgoingChanges>(),
            provider.GetRequiredService<OutgoingRecords>(),
            provider.GetRequiredService<SentDrafts>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SendingScheduler>().AddHostedService(provider => provider.GetRequiredService<SendingScheduler>());
        return services;
    }
}
