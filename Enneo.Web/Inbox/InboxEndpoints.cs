namespace Enneo.Web.Inbox;

internal static class InboxEndpoints
{
    public static IEndpointRouteBuilder MapInbox(this IEndpointRouteBuilder routes)
    {
        routes.MapMessages();
        routes.MapPreviews();
        routes.MapPrint();
        routes.MapDrafts();
        return routes;
    }
}
