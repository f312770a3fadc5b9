using Enneo.Core.Data;
using Enneo.Core.Jobs;
using Enneo.Core.Sending;
using Enneo.Core.Sync.Graph;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Sync;

internal static class SyncServices
{
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>();
        services
            .AddSingleton<Ledger>()
            .AddSingleton<MessagePlaces>()
            .AddSingleton<Intake>()
            .AddSingleton<ImapSessions>()
            .AddSingleton<TransferSlots>()
            .AddSingleton<FolderDiscovery>()
            .AddSingleton<FolderTransfer>()
            .AddSingleton<FlagSync>()
            .AddSingleton<FolderSync>()
            .AddSingleton<Recognition>()
            .AddSingleton<KnownMail>()
            .AddSingleton<GraphNumbers>()
            .AddSingleton<GraphFolders>()
            .AddSingleton<GraphRefusals>()
            .AddSingleton<GraphReturns>()
            .AddSingleton<GraphTransfer>()
            .AddSingleton<GraphFolderSync>()
            .AddSingleton<GraphSync>()
            .AddSingleton<ServerChanges>()
            .AddSingleton<ChangeUndoing>()
            .AddSingleton<WaitingChangeDecisions>()
            .AddSingleton<ServerChangeRecords>()
            .AddSingleton<StatusRecorder>()
            .AddSingleton<MailboxSync>()
            .AddSingleton<SyncRequests>()
            .AddSingleton<FailedMailRetry>()
            .AddSingleton<MailboxReports>()
            .AddSingleton<MailboxErasure>()
            .AddSingleton<MailImport>()
            .AddSingleton<MailBringing>()
            .AddSingleton<SpamErasing>()
            .AddRegular<SpamErasing>(new("erasing", "spam"), every: TimeSpan.FromHours(1), first: TimeSpan.FromHours(1))
            .AddSingleton<IdleWatcher>();
        services.AddSingleton(provider => new GoingLive(
            provider.GetRequiredService<IDbContextFactory<EnneoDbContext>>(),
            provider.GetRequiredService<WriterLane>(),
            provider.GetRequiredService<ChangeUndoing>(),
            provider.GetRequiredService<TakingBack>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SyncScheduler>().AddHostedService(provider => provider.GetRequiredService<SyncScheduler>());
        services.AddSingleton<ErasingHere>().AddHostedService(provider => provider.GetRequiredService<ErasingHere>());
        services.AddHostedService<IdleWatchers>();
        services.AddSingleton<TokenRenewal>().AddHostedService(provider => provider.GetRequiredService<TokenRenewal>());
        return services;
    }
}
