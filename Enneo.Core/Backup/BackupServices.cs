using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Backup;

internal static class BackupServices
{
    public static IServiceCollection AddBackup(this IServiceCollection services)
    {
        services.AddOptions<BackupOptions>().BindConfiguration(BackupOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BackupOptions>, BackupOptionsValidator>();
        return services
            .AddSingleton<BackupCreation>()
            .AddSingleton<BackupVerification>()
            .AddSingleton<BackupRestoring>()
            .AddSingleton<MailboxExport>()
            .AddSingleton<HistoryImport>()
            .AddHostedService<NightlyBackups>();
    }
}
