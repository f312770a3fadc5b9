using Enneo.Core.Identity;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;

namespace Enneo.Web.Identity;

internal static class PeoplePagesServices
{
    public static IServiceCollection AddPeoplePages(this IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(Configure);
        new IdentityBuilder(typeof(User), typeof(IdentityRole<long>), services).AddSignInManager();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();

        return services
            .AddScoped<AuthenticationStateProvider, SessionRevalidation>()
            .AddScoped<SessionCookieEvents>()
            .AddScoped<SignIn>()
            .AddScoped<CurrentReach>()
            .AddSingleton<SignInThrottle>()
            .AddSingleton<FirstRunCode>();
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.CookieManager = new EnneoCookie();
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = AccountEndpoints.SessionLifetime;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = Urls.SignIn;
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.EventsType = typeof(SessionCookieEvents);
    }
}
