using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Enneo.Web.Identity;

/// <summary>Asks of every request whether its session still counts, and sends people, not programs, to the sign-in page.</summary>
internal sealed class SessionCookieEvents(Sessions sessions, LastSeen lastSeen) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var address = context.HttpContext.Connection.RemoteIpAddress;
        var state = await SessionClaims.CheckAsync(context.Principal, (user, stamp, session) =>
            sessions.UseAsync(user, stamp, session, address?.ToString(), context.HttpContext.RequestAborted));
        if (state == SessionState.Ended)
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(context.Scheme.Name);
            return;
        }

        await lastSeen.NoteAsync(SessionClaims.UserIdOf(context.Principal!), context.HttpContext.RequestAborted);
        SessionClaims.SetAddress(context.Principal!, address);
        context.HttpContext.Features.Set(new SecondStepFeature(IsMissing: state == SessionState.NeedsSecondStep));
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (HttpMethods.IsGet(context.Request.Method) && ErrorAnswers.WantsPage(context.Request) && !ErrorAnswers.IsFrame(context.Request))
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
