using System.Security.Claims;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Microsoft365;

/// <summary>The way to a provider's login and back.</summary>
internal static class Microsoft365Endpoints
{
    public static IEndpointRouteBuilder MapMicrosoft365(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Urls.Microsoft365Connect, ConnectAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        routes.MapGet(Urls.ProviderConnect, ConnectAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        routes.MapGet(Urls.ProviderCallback + "/{key}", ReturnFromOtherAsync).AllowAnonymous(); // so that who was signed out meanwhile is told, not asked to sign in
        routes.MapGet(Urls.Microsoft365Callback, ReturnAsync).AllowAnonymous(); // an administrator of the tenant need not be one of us
        routes.MapGet(Urls.SignInMicrosoft, (string? returnUrl, PeopleDoor door, HttpContext context) => door.SignInAsync(context, returnUrl)).AllowAnonymous();
        routes.MapGet(Urls.InvitationMicrosoft, (string token, PeopleDoor door, HttpContext context) => door.JoinAsync(context, token)).AllowAnonymous();
        routes.MapGet(Urls.AccountMicrosoft, (PeopleDoor door, ClaimsPrincipal user, HttpContext context) => door.LinkAsync(context, user)).RequireAuthorization();
        routes.MapGet(Urls.ProofMicrosoft, (string? returnUrl, PeopleDoor door, ClaimsPrincipal user, HttpContext context) => door.ProveAsync(context, user, returnUrl)).RequireAuthorization();
        return routes;
    }

    /// <summary>For who gave a proof a moment ago, since a browser may stand open where others pass.</summary>
    /// <param name="form">Of the page that waits for the end.</param>
    /// <param name="account">The mailbox's id; null for a new one.</param>
    /// <param name="provider">Null for Microsoft.</param>
    /// <param name="shared">A shared mailbox, for which a person signs in as themselves.</param>
    private static async Task<RedirectHttpResult> ConnectAsync(
        string form, string address, long? account, long? provider, bool? shared, ClaimsPrincipal user, Sessions sessions, AccountConnecting connecting, ProviderQueries providers, RedirectAddress redirect,
        HttpContext context, CancellationToken cancellationToken)
    {
        if (!await sessions.IsProvenAsync(SessionClaims.SessionIdOf(user), cancellationToken))
        {
            return TypedResults.LocalRedirect(Urls.ProofFor(context.Request.Path + context.Request.QueryString));
        }

        var known = provider is { } id ? await providers.FindAsync(id, cancellationToken) : null;
        var redirectUri = known is null ? redirect.Uri : redirect.Of(known.Settings.CallbackKey);
        ConnectWish wish = new(address.Trim(), form, SessionClaims.SessionIdOf(user), SessionClaims.UserIdOf(user), account, redirectUri, provider) { IsShared = shared };
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var start = await connecting.StartAsync(wish, cancellationToken);
        return start.Login is { } login ? TypedResults.Redirect(login.AbsoluteUri)
            : start.Cause is { } cause ? TypedResults.LocalRedirect(DonePage.AddressOf(new ConnectResult(ConnectEnd.Refused, Cause: cause), said: null))
            : TypedResults.LocalRedirect(provider is null ? Urls.Microsoft365 : Urls.Providers);
    }

    /// <summary>What came along stays in no page's address: the browser is sent on at once.</summary>
    private static async Task<RedirectHttpResult> ReturnAsync(
        HttpContext context, ClaimsPrincipal user, PeopleDoor door, AccountReturn back, RedirectAddress redirect, CancellationToken cancellationToken)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var by = SessionClaims.FindUserId(user) is null ? Actor.System with { Address = context.Connection.RemoteIpAddress?.ToString() } : SessionClaims.ActorOf(user);
        var callback = CallbackQuery.Of(context.Request.Query) with { ArrivedAt = redirect.Uri, By = by };
        return await door.ReturnAsync(context, user, callback) ?? await back.FinishAsync(callback, user, cancellationToken);
    }

    /// <summary>The same from any other provider.</summary>
    private static Task<RedirectHttpResult> ReturnFromOtherAsync(
        string key, HttpContext context, ClaimsPrincipal user, AccountReturn back, RedirectAddress redirect, CancellationToken cancellationToken)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return back.FinishAsync(CallbackQuery.Of(context.Request.Query) with { ArrivedAt = redirect.Of(key) }, user, cancellationToken);
    }
}
