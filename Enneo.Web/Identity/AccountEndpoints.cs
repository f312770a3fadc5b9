using System.Net.Mime;
using System.Security.Claims;
using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

internal static class AccountEndpoints
{
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        RequireAntiforgeryTokenAttribute ourForms = new();
        routes.MapPost(Urls.SignOut, SignOutAsync).WithMetadata(ourForms);
        routes.MapPost(Urls.PasskeyRequest, RequestOptionsAsync).WithMetadata(ourForms).AllowAnonymous();
        routes.MapPost(Urls.PasskeyCreation, CreationOptionsAsync).WithMetadata(ourForms).RequireAuthorization();
        return routes;
    }

    private static async Task<RedirectHttpResult> SignOutAsync(
        HttpContext context, ClaimsPrincipal user, Sessions sessions, CancellationToken cancellationToken)
    {
        var actor = SessionClaims.ActorOf(user);
        await sessions.SignOutAsync(SessionClaims.UserIdOf(user), SessionClaims.SessionIdOf(user), actor.Address, "web", cancellationToken);
        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect(Urls.SignIn);
    }

    private static async Task<ContentHttpResult> RequestOptionsAsync(PasskeyCeremony ceremony) =>
        TypedResults.Content(await ceremony.RequestOptionsAsync(), MediaTypeNames.Application.Json);

    private static async Task<Results<ContentHttpResult, ForbidHttpResult>> CreationOptionsAsync(
        ClaimsPrincipal user, Sessions sessions, PasskeyCeremony ceremony, CancellationToken cancellationToken)
    {
        if (!await sessions.IsProvenAsync(SessionClaims.SessionIdOf(user), cancellationToken))
        {
            return TypedResults.Forbid();
        }

        var options = await ceremony.CreationOptionsAsync(SessionClaims.UserIdOf(user), user.Identity?.Name ?? "", SessionClaims.NameOf(user));
        return TypedResults.Content(options, MediaTypeNames.Application.Json);
    }
}
