using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Enneo.Core.Connections;
using Enneo.Core.Microsoft365;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Enneo.Core.OAuth;

/// <summary>Where a provider is asked.</summary>
/// <param name="Published">What it publishes besides; null where an admin named its addresses.</param>
internal sealed record ProviderAddresses(string Authorize, string Token, PublishedProvider? Published);

/// <summary>Asks providers for tokens. Where clouds hand out secrets nobody is asked, whatever an admin names.</summary>
internal sealed class OpenClient(CloudHttp http, ProviderSecrets secrets, ImapConnector imap, TimeProvider clock)
{
    private const int LongestAnswer = 256 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<(string Authority, string? Trusted), PublishedProvider> _published = new();

    public ProviderSecrets Secrets => secrets;
    public ImapConnector Imap => imap;
    public TimeProvider Clock => clock;

    /// <exception cref="AuthorityRefusedException">It does not say where.</exception>
    public async Task<ProviderAddresses> AddressesAsync(OAuthProvider provider, CancellationToken cancellationToken)
    {
        if (provider.Authority.Length == 0)
        {
            return new ProviderAddresses(provider.AuthorizeAddress, provider.TokenAddress, null);
        }

        var published = _published.GetOrAdd((provider.Authority, provider.TrustedCertificate), key => new PublishedProvider(key.Authority, http.For(key.Trusted)));
        var current = await published.CurrentAsync(cancellationToken);
        return new ProviderAddresses(current.AuthorizationEndpoint, current.TokenEndpoint, published);
    }

    /// <summary>Reads anew what a provider publishes.</summary>
    /// <exception cref="AuthorityRefusedException">It publishes nothing that can be used.</exception>
    public async Task RefreshedAsync(OAuthProvider provider, CancellationToken cancellationToken)
    {
        _published.TryRemove((provider.Authority, provider.TrustedCertificate), out _);
        await AddressesAsync(provider, cancellationToken);
    }

    /// <summary>Asks for tokens. Once asked, the answer is waited for, whoever gave up meanwhile: what it brings may replace what is stored.</summary>
    /// <returns>With an access token.</returns>
    /// <exception cref="AuthorityRefusedException">There are none.</exception>
    public async Task<OpenIdConnectMessage> AskAsync(OAuthProvider provider, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(provider, cancellationToken);
        using HttpRequestMessage request = new(HttpMethod.Post, addresses.Token);
        request.Headers.Accept.ParseAdd("application/json");
        await VouchAsync(request, provider, addresses, form, cancellationToken);
        request.Content = new FormUrlEncodedContent(form);
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenSource limit = new(s_patience);
        try
        {
            using var response = await http.For(provider.TrustedCertificate).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return Tokens(response.StatusCode, await ReadAsync(response, limit.Token));
        }
        catch (OperationCanceledException)
        {
            throw new AuthorityRefusedException(SignInFailure.Unreachable, isFinal: false);
        }
    }

    /// <summary>Says that a refresh token is not wanted any more (RFC 7009, section 2.1).</summary>
    /// <returns>False where the provider has no address for that, or does not take it.</returns>
    public async Task<bool> RevokeAsync(OAuthProvider provider, string refreshToken, CancellationToken cancellationToken)
    {
        var addresses = await AddressesAsync(provider, cancellationToken);
        if (addresses.Published is not { } published || (await published.CurrentAsync(cancellationToken)).RevocationEndpoint is not { } endpoint || !PublishedProvider.IsHttps(endpoint))
        {
            return false;
        }

        Dictionary<string, string> form = new() { ["token"] = refreshToken, ["token_type_hint"] = "refresh_token" };
        using HttpRequestMessage request = new(HttpMethod.Post, endpoint);
        await VouchAsync(request, provider, addresses, form, cancellationToken);
        request.Content = new FormUrlEncodedContent(form);
        using var response = await http.For(provider.TrustedCertificate).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Only what the provider itself refuses in OAuth's words is refused for good; an outage, a limit, or a page of whatever stands before it passes.</summary>
    private static OpenIdConnectMessage Tokens(HttpStatusCode status, OpenIdConnectMessage? answer)
    {
        var passes = status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError;
        return answer switch
        {
            { Error: { Length: > 0 } error } when !passes =>
                throw new AuthorityRefusedException(SignInFailure.SafeCode(error), isFinal: error is not ("temporarily_unavailable" or "server_error" or "slow_down")),
            { AccessToken.Length: > 0 } when status is HttpStatusCode.OK => answer,
            _ => throw new AuthorityRefusedException(SignInFailure.Unreachable, isFinal: false),
        };
    }

    /// <summary>The app's secret goes into the form where the provider takes it there, else into the header (RFC 6749, section 2.3.1).</summary>
    private async Task VouchAsync(
        HttpRequestMessage request, OAuthProvider provider, ProviderAddresses addresses, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        form["client_id"] = provider.ClientId;
        if (provider.ProtectedSecret.Length == 0)
        {
            return;
        }

        var secret = secrets.UnprotectSecret(provider.ProtectedSecret);
        if (addresses.Published is { } published && !(await published.CurrentAsync(cancellationToken)).TokenEndpointAuthMethodsSupported.Contains("client_secret_post"))
        {
            var pair = $"{WebUtility.UrlEncode(provider.ClientId)}:{WebUtility.UrlEncode(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
            return;
        }

        form["client_secret"] = secret;
    }

    private static async Task<OpenIdConnectMessage?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = new byte[LongestAnswer];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        try
        {
            return new OpenIdConnectMessage(Encoding.UTF8.GetString(text, 0, length));
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException)
        {
            return null; // what stands before the provider answers in its place
        }
    }
}
