using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Identity;

/// <summary>Who acts on other people: asked again at each action, since a session may outlive its rights.</summary>
internal static class Admin
{
    public const string Origin = "web";

    /// <exception cref="UnauthorizedAccessException">No admin (any more).</exception>
    public static async Task<Actor> GetAsync(AuthenticationStateProvider authentication)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return user.IsInRole(Roles.Admin)
            ? SessionClaims.ActorOf(user)
            : throw new UnauthorizedAccessException("Only admins decide about other people.");
    }

    /// <returns>Null when the admin must give a fresh proof first.</returns>
    /// <exception cref="UnauthorizedAccessException">No admin (any more).</exception>
    public static async Task<Actor?> ProvenAsync(AuthenticationStateProvider authentication, Sessions sessions, CancellationToken cancellationToken)
    {
        var actor = await GetAsync(authentication);
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return await sessions.IsProvenAsync(SessionClaims.SessionIdOf(user), cancellationToken) ? actor : null;
    }
}
