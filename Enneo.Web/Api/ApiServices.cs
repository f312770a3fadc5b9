using Enneo.Web.Api.Description;
using Enneo.Web.Api.Json;
using Enneo.Web.Hooks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Enneo.Web.Api;

internal static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null)
            .AddPolicyScheme(ApiKeyAuthentication.KeyOrSession, displayName: null, scheme =>
            {
                scheme.ForwardDefaultSelector = context =>
                    context.Request.Headers.Authorization.Count > 0 ? ApiKeyAuthentication.SchemeName : IdentityConstants.ApplicationScheme;
                (scheme.ForwardChallenge, scheme.ForwardForbid) = (ApiKeyAuthentication.SchemeName, ApiKeyAuthentication.SchemeName);
            });
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section);
        services.AddRateLimiter();
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<ApiOptions>>((limiter, options) => ApiLimits.Configure(limiter, options.Value));
        return services.AddApiDescription().AddScoped<Caller>().AddSingleton<KeyGuesses>().AddSingleton<BodyRoom>().AddSingleton<HookLimits>();
    }
}
