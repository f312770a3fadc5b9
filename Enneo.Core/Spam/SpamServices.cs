using Enneo.Core.Jobs;
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
        .AddSingleton<SpamTrial>()
        .AddSingleton<MailboxSpamEditing>()
        .AddSingleton<SpamModelStates>()
        .AddSingleton<HiddenShares>()
        .AddSingleton<SpamAlarm>()
        .AddSingleton<SpamReports>()
        .AddSingleton<DmarcExceptions>()
        .AddSingleton<Unsubscribing>()
        .AddSingleton<MassMail>()
        .AddSingleton<MassMailTrial>()
        .AddSingleton<SpamRetention>()
        .AddRegular<SpamAlarm>(new("alarm", "spam"), every: TimeSpan.FromMinutes(5), first: TimeSpan.FromMinutes(5))
        .AddRegular<SpamReports>(new("reports", "spam"), every: TimeSpan.FromHours(1), first: TimeSpan.FromHours(1))
        .AddRegular<SpamRetention>(new("retention", "spam"), every: TimeSpan.FromHours(1), first: TimeSpan.FromHours(1))
        .AddHostedService<SpamTeaching>();
}
