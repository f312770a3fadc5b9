using System.Security.Claims;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Web.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Microsoft365;

/// <summary>The way to Microsoft's login and back.</summary>
internal static class Microsoft365Endpoints
{
    public static IEndpointRouteBuilder MapMicrosoft365(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Urls.Microsoft365Connect, ConnectAsync).RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        routes.MapGet(Urls.Microsoft365Callback, ReturnAsync).AllowAnonymous(); // an administrator of the tenant need not be one of us
        routes.MapGet(Urls.SignInMicrosoft, (string? returnUrl, PeopleDoor door, HttpContext context) => door.SignInAsync(context, returnUrl)).AllowAnonymous();
        routes.MapGet(Urls.AccountMicrosoft, (PeopleDoor door, ClaimsPrincipal user, HttpContext context) => door.LinkAsync(context, user)).RequireAuthorization();
        return routes;
    }

    /// <summary>For who gave a proof a moment ago, since a browser may stand open where others pass.</summary>
    /// <param name="form">Of the page that waits for the end.</param>
    /// <param name="account">The mailbox's id; null for a new one.</param>
    private static async Task<RedirectHttpResult> ConnectAsync(
        string form, string address, long? account, ClaimsPrincipal user, Sessions sessions, AccountConnecting connecting, RedirectAddress redirect, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!await sessions.IsProvenAsync(SessionClaims.SessionIdOf(user), cancellationToken))
        {
            return TypedResults.LocalRedirect(Urls.ProofFor(context.Request.Path + context.Request.QueryString));
        }

        ConnectWish wish = new(address.Trim(), form, SessionClaims.SessionIdOf(user), SessionClaims.UserIdOf(user), account, redirect.Uri);
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await connecting.StartAsync(wish, cancellationToken) is { } login
            ? TypedResults.Redirect(login.ToString())
            : TypedResults.LocalRedirect(Urls.Microsoft365);
    }

    /// <summary>What came along stays in no page's address: the browser is sent on at once.</summary>
    private static async Task<RedirectHttpResult> ReturnAsync(
        HttpContext context, ClaimsPrincipal user, PeopleDoor door, AccountConnecting connecting, MailboxEditing editing, DoneWords words, CancellationToken cancellationToken)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (await door.ReturnAsync(context, user, CallbackQuery.Of(context.Request.Query)) is { } person)
        {
            return person;
        }

        var session = user.IsInRole(Roles.Admin) ? SessionClaims.FindSessionId(user) : null;
        var result = await connecting.FinishAsync(CallbackQuery.Of(context.Request.Query), session ?? "", cancellationToken);
        var problem = result is { MailboxId: { } mailboxId, Account: { IsOther: false } account }
            ? await editing.ReconnectAsync(mailboxId, account.Id, SessionClaims.ActorOf(user), Admin.Origin, cancellationToken)
            : null;
        return TypedResults.LocalRedirect(DonePage.AddressOf(result, problem is null ? null : words.Protect(problem)));
    }
}
