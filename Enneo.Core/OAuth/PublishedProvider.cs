using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Enneo.Core.OAuth;

/// <summary>What a provider publishes about itself: its addresses and the keys that it signs with.</summary>
internal sealed class PublishedProvider(string authority, HttpClient http)
{
    private ConfigurationManager<OpenIdConnectConfiguration> _manager = ManagerOf(authority, http);

    /// <exception cref="AuthorityRefusedException">It is out of reach, or publishes what cannot be used.</exception>
    public async Task<OpenIdConnectConfiguration> CurrentAsync(CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration configuration;
        try
        {
            configuration = await _manager.GetConfigurationAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or ArgumentException or System.Text.Json.JsonException)
        {
            throw new AuthorityRefusedException(SignInFailure.Unreachable, isFinal: false);
        }

        // Who says to be somebody else is not believed (OpenID Connect Discovery 1.0, section 4.3).
        return configuration.Issuer == authority && IsHttps(configuration.AuthorizationEndpoint) && IsHttps(configuration.TokenEndpoint)
            ? configuration
            : throw new AuthorityRefusedException(ProviderCauses.Discovery, isFinal: true);
    }

    /// <summary>The same, asked anew.</summary>
    /// <inheritdoc cref="CurrentAsync"/>
    public Task<OpenIdConnectConfiguration> RefreshedAsync(CancellationToken cancellationToken)
    {
        _manager = ManagerOf(authority, http); // a request to refresh would still answer with what is known
        return CurrentAsync(cancellationToken);
    }

    private static ConfigurationManager<OpenIdConnectConfiguration> ManagerOf(string authority, HttpClient http) => new(
        $"{authority.TrimEnd('/')}/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(http) { RequireHttps = true });

    internal static bool IsHttps(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;
}
