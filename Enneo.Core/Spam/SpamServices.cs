using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Spam;

internal static class SpamServices
{
    public static IServiceCollection AddSpam(this IServiceCollection services) => services
        .AddSingleton<SpamIntake>()
        .AddSingleton<ModelJudging>()
        .AddSingleton<SpamDecisions>()
        .AddSingleton<JunkFollowing>()
        .AddSingleton<JunkFiling>()
        .AddSingleton<SpamLearning>()
        .AddSingleton<SpamQueries>()
        .AddSingleton<SpamSenders>()
        .AddSingleton<SpamSettingsEditing>()
        .AddSingleton<SpamDryRun>()
        .AddSingleton<MailboxSpamEditing>()
        .AddSingleton<SpamModelStates>()
        .AddSingleton<HiddenShares>()
        .AddSingleton<SpamReports>()
        .AddSingleton<DmarcExceptions>()
        .AddSingleton<Unsubscribing>()
        .AddSingleton<MassMail>()
        .AddSingleton<MassMailTrial>()
        .AddSingleton<SpamRetention>()
        .AddHostedService<SpamSchedule>()
        .AddHostedService<SpamTeaching>();
}
