using Enneo.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Integrations.Connected;

internal static class ConnectedServices
{
    public static IServiceCollection AddConnected(this IServiceCollection services) => services
        .AddSingleton<ActingIntegrations>()
        .AddSingleton<OurTicketReading>()
        .AddSingleton<TicketLinks>()
        .AddSingleton<MessageTaking>()
        .AddSingleton<MessageGiving>()
        .AddSingleton<SyncedMessages>()
        .AddSingleton<MessageFollowing>()
        .AddSingleton<NoteFollowing>()
        .AddSingleton<DeletionFollowing>()
        .AddSingleton<SplitFollowing>()
        .AddSingleton<OpeningAttempts>()
        .AddSingleton<ExchangeRecords>()
        .AddSingleton<NoteFiles>()
        .AddSingleton<SplitNotes>()
        .AddSingleton<MoveFollowing>()
        .AddSingleton<TicketExchange>()
        .AddSingleton<TicketNotices>()
        .AddSingleton<TheirNews>()
        .AddSingleton<WebhookExchange>()
        .AddSingleton<IntegrationInputValidator>()
        .AddSingleton<IntegrationQueries>()
        .AddSingleton<ConflictDeciding>()
        .AddSingleton<TicketRetrying>()
        .AddSingleton<IntegrationParts>()
        .AddSingleton<StandstillAlarm>()
        .AddSingleton(provider => new IntegrationEditing(
            provider.GetRequiredService<Data.WriterLane>(),
            provider.GetRequiredService<Identity.Reaches>(),
            provider.GetRequiredService<IntegrationParts>(),
            provider.GetRequiredService<ActingIntegrations>(),
            provider.GetRequiredService<IntegrationInputValidator>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new WebhookThere(
            provider.GetRequiredService<Microsoft.EntityFrameworkCore.IDbContextFactory<Data.EnneoDbContext>>(),
            provider.GetRequiredService<Data.WriterLane>(),
            provider.GetRequiredService<ActingIntegrations>(),
            provider.GetRequiredService<IntegrationEditing>()))
        .AddHostedService<NewsReading>()
        .AddRegular<StandstillAlarm>(new("standstill", "integrations"), every: TimeSpan.FromHours(1), first: TimeSpan.FromHours(1));
}
