namespace Enneo.Web.Commands;

internal static class CommandServices
{
    public static IServiceCollection AddCommands(this IServiceCollection services) => services
        .AddSingleton<ICommand, UserAdd>()
        .AddSingleton<ICommand, UserReset>()
        .AddSingleton<ICommand, UserResetFactors>()
        .AddSingleton<ICommand, UserSignOut>()
        .AddSingleton<ICommand, UserInvite>()
        .AddSingleton<ICommand, UserAccess>()
        .AddSingleton<ICommand, ApiKeyAdd>()
        .AddSingleton<ICommand, MailboxAdd>()
        .AddSingleton<ICommand, MailboxTest>()
        .AddSingleton<ICommand, MailboxStatusReport>()
        .AddSingleton<ICommand, MailboxExporting>()
        .AddSingleton<ICommand, MailboxImporting>()
        .AddSingleton<ICommand, Backup>()
        .AddSingleton<ICommand, Restore>()
        .AddSingleton<ICommand, SystemdUnit>()
        .AddSingleton<ICommand, SearchRebuilding>()
        .AddSingleton<ICommand, MailboxFolders>()
        .AddSingleton<ICommand, MailboxSyncNow>()
        .AddSingleton<ICommand, MailboxRemove>()
        .AddSingleton<ICommand, MailboxShadow>()
        .AddSingleton<ICommand, MailboxLive>()
        .AddSingleton<CommandRun>();
}
