using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Web.Identity;
using Enneo.Web.Identity.Account;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Enneo.Web.Microsoft365;

/// <summary>The way of people to Microsoft's login and back. What was begun is kept in the browser that began, encrypted, and good once.</summary>
public sealed class PeopleDoor(PeopleSignIn people, PeopleLinks links, InvitationQueries invitations, Inviting inviting, PeopleJoining joining, SignIn signIn, Sessions sessions, RedirectAddress redirect, DoneWords words, TimeProvider clock, IDataProtectionProvider protection)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    /// <summary>For what is counted in whole seconds, and on the way.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(1);

    private readonly EnneoCookie _cookie = new("-Microsoft");
    private readonly ITimeLimitedDataProtector _begun = protection.CreateProtector("Enneo.Microsoft365.People").ToTimeLimitedDataProtector();

    /// <summary>Somebody wants to sign in.</summary>
    public Task<RedirectHttpResult> SignInAsync(HttpContext context, string? returnUrl) => StartAsync(context, new Begun { ReturnUrl = Urls.LocalOrHome(returnUrl) });

    /// <summary>Somebody who was invited wants to join by their Microsoft account, in place of choosing a password.</summary>
    public async Task<RedirectHttpResult> JoinAsync(HttpContext context, string token) =>
        (await invitations.FindAsync(token, context.RequestAborted))?.State is InvitationState.Open
            ? await StartAsync(context, new Begun { Invitation = token })
            : TypedResults.LocalRedirect(Urls.Invitation(Uri.EscapeDataString(token)));

    /// <summary>Somebody who is signed in, and proved a moment ago who they are, says who they are at Microsoft.</summary>
    public async Task<RedirectHttpResult> LinkAsync(HttpContext context, ClaimsPrincipal user)
    {
        var session = SessionClaims.SessionIdOf(user);
        return await sessions.IsProvenAsync(session, context.RequestAborted)
            ? await StartAsync(context, new Begun { SessionId = session })
            : TypedResults.LocalRedirect(Urls.ProofFor(Urls.AccountMicrosoft));
    }

    /// <summary>Somebody who is signed in, and may have no password here, proves anew at Microsoft who they are.</summary>
    public Task<RedirectHttpResult> ProveAsync(HttpContext context, ClaimsPrincipal user, string? returnUrl) => StartAsync(
        context, new Begun { SessionId = SessionClaims.SessionIdOf(user), IsProof = true, ReturnUrl = Urls.LocalOrHome(returnUrl) });

    /// <returns>Where to, for who began here; null when what came back belongs to something else.</returns>
    public async Task<RedirectHttpResult?> ReturnAsync(HttpContext context, ClaimsPrincipal user, Callback callback)
    {
        if (Find(context) is not { } begun || begun.State != callback.State)
        {
            return null;
        }

        _cookie.DeleteCookie(context, "", Options(context));
        var result = await people.FinishAsync(callback, begun.Verifier, redirect.Uri, context.RequestAborted);
        if (result.Person is not { } person)
        {
            return Said(result.Cause, null);
        }

        return begun is { IsProof: true, SessionId: { } proving } ? await ProvedAsync(context, user, proving, begun, result)
            : begun.Invitation is { } invitation ? await AskAsync(context, invitation, person)
            : begun.SessionId is { } session ? await LinkAsync(context, user, session, person) : await SignInAsync(context, begun, person);
    }

    /// <summary>Somebody who was invited, and was shown who they are at Microsoft, joins as that.</summary>
    public async Task<RedirectHttpResult> JoinAsync(HttpContext context, string invitation, MicrosoftPerson person)
    {
        joining.Forget(context);
        var joined = await inviting.AcceptAsync(invitation, person, Admin.Origin, context.RequestAborted);
        return joined.Problem is { } problem ? Said(null, problem) : await SignInAsync(context, new Begun(), person);
    }

    private async Task<RedirectHttpResult> AskAsync(HttpContext context, string invitation, MicrosoftPerson person)
    {
        await joining.KeepAsync(context, invitation, person);
        return TypedResults.LocalRedirect(Urls.InvitationJoin(invitation));
    }

    private async Task<RedirectHttpResult> SignInAsync(HttpContext context, Begun begun, MicrosoftPerson person)
    {
        var settings = await people.SettingsForAsync(person, context.RequestAborted);
        var userId = await links.FindAsync(person, settings.LetsTenantIn, settings.AdminRole, Admin.Origin, context.RequestAborted);
        var outcome = await signIn.TryMicrosoftAsync(userId, context);
        return outcome.NeedsSecondStep ? TypedResults.LocalRedirect(Urls.SignInCodeTo(begun.ReturnUrl))
            : outcome.Problem is { } problem ? Said(null, problem)
            : TypedResults.LocalRedirect(Urls.LocalOrHome(begun.ReturnUrl));
    }

    private async Task<RedirectHttpResult> LinkAsync(HttpContext context, ClaimsPrincipal user, string session, MicrosoftPerson person)
    {
        if (SessionClaims.FindSessionId(user) != session)
        {
            return Said(null, IdentityText.MicrosoftLate);
        }

        return await links.LinkAsync(SessionClaims.UserIdOf(user), person, SessionClaims.ActorOf(user), Admin.Origin, context.RequestAborted)
            ? TypedResults.LocalRedirect(Urls.AccountAfter(AccountPage.MicrosoftLinked))
            : Said(null, IdentityText.MicrosoftTaken);
    }

    /// <summary>A proof counts that was given since it was asked for, by the very person.</summary>
    private async Task<RedirectHttpResult> ProvedAsync(HttpContext context, ClaimsPrincipal user, string session, Begun begun, PersonLoginResult result)
    {
        if (SessionClaims.FindSessionId(user) != session)
        {
            return Said(null, IdentityText.MicrosoftLate);
        }

        if (!await links.IsAsync(SessionClaims.UserIdOf(user), result.Person!, context.RequestAborted))
        {
            return Said(null, IdentityText.MicrosoftOther);
        }

        if (!(result.ProvedAt >= result.IssuedAt - (clock.GetUtcNow() - begun.StartedAt) - s_slack)) // by Microsoft's clock alone: ours may be another
        {
            return Said(null, IdentityText.MicrosoftNoProof);
        }

        await sessions.NoteProofAsync(session, context.RequestAborted);
        return TypedResults.LocalRedirect(Urls.LocalOrHome(begun.ReturnUrl));
    }

    private async Task<RedirectHttpResult> StartAsync(HttpContext context, Begun begun)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var start = await people.StartAsync(redirect.Uri, begun.IsProof, chooses: begun.Invitation is not null, context.RequestAborted);
        if (start.Login is not { } login)
        {
            return start.Cause is { } cause ? Said(cause, null) : TypedResults.LocalRedirect(Urls.SignIn);
        }

        var kept = JsonSerializer.Serialize(begun with { State = login.State, Verifier = login.ProtectedVerifier, StartedAt = clock.GetUtcNow() });
        _cookie.AppendResponseCookie(context, "", _begun.Protect(kept, s_patience), Options(context));
        return TypedResults.Redirect(login.Address.ToString());
    }

    private Begun? Find(HttpContext context)
    {
        try
        {
            return _cookie.GetRequestCookie(context, "") is { } kept ? JsonSerializer.Deserialize<Begun>(_begun.Unprotect(kept)) : null;
        }
        catch (CryptographicException)
        {
            return null; // too old, or made up
        }
    }

    private RedirectHttpResult Said(Cause? cause, string? said) =>
        TypedResults.LocalRedirect(DonePage.AddressOf(new ConnectResult(ConnectEnd.Refused, Cause: cause), said is null ? null : words.Protect(said)));

    /// <summary>Lax: it comes along when Microsoft's page sends the browser back.</summary>
    private static CookieOptions Options(HttpContext context) => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, Path = "/", MaxAge = s_patience };

    private sealed record Begun
    {
        public string State { get; init; } = "";
        public string Verifier { get; init; } = "";
        public string? ReturnUrl { get; init; }

        public DateTimeOffset StartedAt { get; init; }

        /// <summary>Of who links, or proves; null for who signs in.</summary>
        public string? SessionId { get; init; }

        public bool IsProof { get; init; }

        /// <summary>What the link of an invitation ends with.</summary>
        public string? Invitation { get; init; }
    }
}
