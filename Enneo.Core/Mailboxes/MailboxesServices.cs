using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Mailboxes;

internal static class MailboxesServices
{
    public static IServiceCollection AddMailboxes(this IServiceCollection services)
    {
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<IValidateOptions<AlertOptions>, AlertOptionsValidator>()
            .AddSingleton<MailboxOutages>()
            .AddSingleton<MailboxCredentials>()
            .AddSingleton<ServerPauses>()
            .AddSingleton<MailboxSignIn>()
            .AddSingleton<MailboxInputValidator>()
            .AddSingleton<MailboxEditing>()
            .AddSingleton<FolderEditing>()
            .AddSingleton<MailboxRemoval>()
            .AddSingleton<MailboxQueries>()
            .AddSingleton<ConnectionTest>()
            .AddSingleton<SendingRoadCheck>()
            .AddSingleton<SendingRoadSwitch>()
            .AddSingleton<ReceivingRoadCheck>()
            .AddSingleton<ReceivingRoadSwitch>()
            .AddSingleton<ServerProposals>();
    }
}
