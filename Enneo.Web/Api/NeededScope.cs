using Enneo.Core.Identity.ApiKeys;
using Microsoft.AspNetCore.Authorization;

namespace Enneo.Web.Api;

/// <summary>What an endpoint asks of whoever calls it.</summary>
internal sealed record NeededScope(ApiScopes Scope);

internal static class NeededScopes
{
    /// <summary>Every endpoint of the API says this; a test finds those that do not.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, ApiScopes scope) => endpoint
        .WithMetadata(new NeededScope(scope))
        .RequireAuthorization(new AuthorizationPolicyBuilder(ApiKeyAuthentication.KeyOrSession)
            .RequireAuthenticatedUser()
            .RequireAssertion(context => ApiClaims.ScopesOf(context.User).HasFlag(scope))
            .Build());
}
