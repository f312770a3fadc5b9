using System.Security.Claims;
using Enneo.Core.Identity;
using Microsoft.AspNetCore.Components.Authorization;

namespace Enneo.Web.Identity;

/// <summary>What the person in front of a screen may see now: asked anew for each read, since an admin may change it meanwhile.</summary>
public sealed class CurrentReach(AuthenticationStateProvider authentication, Reaches reaches)
{
    public async Task<Reach> NowAsync(CancellationToken cancellationToken) =>
        await OfAsync((await authentication.GetAuthenticationStateAsync()).User, reaches, cancellationToken);

    /// <summary>The same where there is a request and no screen.</summary>
    internal static Task<Reach> OfAsync(ClaimsPrincipal user, Reaches reaches, CancellationToken cancellationToken) =>
        SessionClaims.FindUserId(user) is { } personId ? reaches.FindAsync(personId, cancellationToken) : Task.FromResult(Reach.None);
}
