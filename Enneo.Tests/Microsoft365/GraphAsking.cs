using Enneo.Core.Microsoft365;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>What Graph answers to who asks whether they may: the folder of drafts is shown, and a draft that is not there is not sent.</summary>
internal static class GraphAsking
{
    public static void Map(WebApplication app, EntraServer entra)
    {
        app.MapGet("/graph/v1.0/users/{address}/mailFolders/drafts", (string address, HttpRequest request) =>
            May(request, entra, "Mail.ReadWrite", address) ? Results.Json(new { id = "AAMkDrafts" }) : Denied());
        app.MapPost($"/graph/v1.0/users/{{address}}{GraphRoad.NoDraft}", (string address, HttpRequest request) => !May(request, entra, "Mail.Send", address) ? Denied()
            : Results.Json(new { error = new { code = "ErrorInvalidIdMalformed", message = "Id is malformed." } }, statusCode: 400));
    }

    private static bool May(HttpRequest request, EntraServer entra, string permission, string address) => GraphToken.Of(request, $"{entra.Address}/graph")?.May(permission, address) is true;

    private static IResult Denied() => Results.Json(new { error = new { code = "ErrorAccessDenied", message = "Access is denied. Check credentials and try again." } }, statusCode: 403);
}
