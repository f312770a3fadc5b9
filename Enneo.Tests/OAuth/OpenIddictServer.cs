using System.Globalization;
using System.Security.Claims;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Enneo.Tests.OAuth;

/// <summary>A provider that others wrote, without a store: whoever comes is the one whom the login hint names.</summary>
internal sealed class OpenIddictServer(TestCertificate certificate) : IAsyncDisposable
{
    private WebApplication? _app;

    public int Port { get; } = FreePort.Next();

    /// <summary>As it calls itself, with a slash at the end.</summary>
    public string Issuer => string.Create(CultureInfo.InvariantCulture, $"https://localhost:{Port}/");

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(Port, listen => listen.UseHttps(certificate.Certificate)));
        builder.Services.AddOpenIddict().AddServer(Configure);
        _app = builder.Build();
        _app.UseAuthentication();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private static void Configure(OpenIddictServerBuilder server)
    {
        server.EnableDegradedMode().SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().RequireProofKeyForCodeExchange();
        server.RegisterScopes(Scopes.Email, Scopes.OfflineAccess);
        server.AddEphemeralEncryptionKey().AddEphemeralSigningKey().UseAspNetCore();
        server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != OidcServer.ClientId || context.RedirectUri != ProviderStore.Redirect)
            {
                context.Reject(Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientId != OidcServer.ClientId || context.ClientSecret != OidcServer.Secret)
            {
                context.Reject(Errors.InvalidClient);
            }

            return default;
        }));
        server.AddEventHandler<HandleAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            ClaimsIdentity person = new(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
            person.SetClaim(Claims.Subject, $"sub of {context.Request.LoginHint}").SetClaim(Claims.Email, context.Request.LoginHint);
            person.SetScopes(context.Request.GetScopes());
            person.SetDestinations(_ => [Destinations.IdentityToken, Destinations.AccessToken]);
            context.Principal = new ClaimsPrincipal(person);
            return default;
        }));
    }
}
