namespace Enneo.Web.Inbox;

internal static class InboxServices
{
    public static IServiceCollection AddInbox(this IServiceCollection services) => services
        .AddScoped<BrowserTime>()
        .AddScoped<Toast>()
        .AddScoped<InboxActions>()
        .AddScoped<InboxScript>();
}
