using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Core.Mailboxes;

internal static class MailboxesServices
{
    public static IServiceCollection AddMailboxes(this IServiceCollection services) => services
        .AddSingleton<MailboxCredentials>()
        .AddSingleton<MailboxSignIn>()
        .AddSingleton<MailboxInputValidator>()
        .AddSingleton<MailboxEditing>()
        .AddSingleton<FolderEditing>()
        .AddSingleton<MailboxRemoval>()
        .AddSingleton<MailboxQueries>()
        .AddSingleton<ConnectionTest>()
        .AddSingleton<SendingRoadCheck>()
        .AddSingleton<ServerProposals>();
}
