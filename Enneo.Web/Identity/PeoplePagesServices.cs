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
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddCookie(HalfSignedIn.Scheme, ConfigureHalfway).AddIdentityCookies();
        services.ConfigureApplicationCookie(Configure);
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme, cookie => Restrict(cookie, "-Passkey")); // where Identity keeps what it asked of a passkey
        services.AddOptions<IdentityPasskeyOptions>().Configure<PublicAddress>(Configure);
        new IdentityBuilder(typeof(User), typeof(IdentityRole<long>), services).AddSignInManager();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddCascadingAuthenticationState();

        return services
            .AddScoped<AuthenticationStateProvider, SessionRevalidation>()
            .AddScoped<SessionCookieEvents>()
            .AddScoped<SignIn>()
            .AddScoped<CurrentReach>()
            .AddScoped<HalfSignedIn>()
            .AddScoped<PasskeyCeremony>()
            .AddScoped<AccountOwner>()
            .AddSingleton<SignInThrottle>()
            .AddSingleton<FirstRunCode>();
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        Restrict(cookie, "");
        cookie.ExpireTimeSpan = Sessions.IdleTime;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = Urls.SignIn;
        cookie.ReturnUrlParameter = "returnUrl";
        cookie.EventsType = typeof(SessionCookieEvents);
    }

    private static void ConfigureHalfway(CookieAuthenticationOptions cookie)
    {
        Restrict(cookie, "-Halfway");
        cookie.ExpireTimeSpan = HalfSignedIn.Lifetime;
        cookie.SlidingExpiration = false;
    }

    private static void Restrict(CookieAuthenticationOptions cookie, string suffix)
    {
        cookie.CookieManager = new EnneoCookie(suffix);
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.Cookie.Path = "/";
    }

    /// <summary>
    /// Passkeys are bound to a host name for good: here that of the request, by which the proxy passes on how the
    /// browser calls us. Where the public address is set, they are bound to its name whatever the request says.
    /// </summary>
    private static void Configure(IdentityPasskeyOptions passkey, PublicAddress publicAddress)
    {
        passkey.ServerDomain = publicAddress.Set is { } address ? new Uri(address).Host : null;
        passkey.UserVerificationRequirement = "required"; // a passkey alone signs in, so it is finger or PIN besides the device
        passkey.ResidentKeyRequirement = "required"; // found without an address being typed
    }
}
