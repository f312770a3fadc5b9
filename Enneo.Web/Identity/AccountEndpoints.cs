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
    /// <summary>How long a session lasts that nobody uses.</summary>
    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(7);

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Urls.SignOut, SignOutAsync).WithMetadata(new RequireAntiforgeryTokenAttribute());
        return routes;
    }

    private static async Task<RedirectHttpResult> SignOutAsync(
        HttpContext context, ClaimsPrincipal user, Sessions sessions, CancellationToken cancellationToken)
    {
        if (SessionClaims.SessionIdOf(user) is { } session)
        {
            await sessions.EndAsync(session, SessionLifetime, cancellationToken);
        }

        await context.SignOutAsync(IdentityConstants.ApplicationScheme);
        return TypedResults.LocalRedirect(Urls.SignIn);
    }
}
