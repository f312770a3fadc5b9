using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Connections;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Enneo.Core.OAuth;

/// <summary>Any provider that gives tokens by authorization code with PKCE (RFC 6749, RFC 7636), and says by OpenID Connect who signed in.</summary>
internal sealed class OpenAuthority(OAuthProvider provider, OpenClient client) : IAuthority
{
    private const int VerifierBytes = 32;

    /// <summary>A token that ends within this is renewed before it is used.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromMinutes(1);

    public async Task<LoginPage> LoginAsync(ConnectWish wish, string state, CancellationToken cancellationToken)
    {
        var addresses = await client.AddressesAsync(provider, cancellationToken);
        var verifier = Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(VerifierBytes));
        OpenIdConnectMessage asked = new() { IssuerAddress = addresses.Authorize, EnableTelemetryParameters = false };
        foreach (var (name, value) in ExtraParameters.Parse(provider.Extra))
        {
            asked.SetParameter(name, value);
        }

        asked.ClientId = provider.ClientId;
        asked.ResponseType = OpenIdConnectResponseType.Code;
        asked.RedirectUri = wish.RedirectUri;
        asked.Scope = provider.Scopes;
        asked.State = state;
        asked.LoginHint = wish.Address;
        asked.SetParameter("code_challenge", Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))));
        asked.SetParameter("code_challenge_method", "S256");
        if (addresses.Published is not null)
        {
            asked.Nonce = NonceOf(verifier);
        }

        return new LoginPage(new Uri(asked.CreateAuthenticationRequestUrl()), client.Secrets.ProtectVerifier(verifier));
    }

    /// <summary>Whoever else answers at our address is not believed (RFC 9207).</summary>
    public string? ProblemOf(Callback callback) =>
        callback.Error is { } error ? SignInFailure.SafeCode(error)
        : callback.Issuer is { } issuer && provider.Authority.Length > 0 && issuer != provider.Authority ? ProviderCauses.Identity
        : null;

    public async Task<Login> RedeemAsync(ConnectAttempt attempt, string code, CancellationToken cancellationToken)
    {
        var verifier = client.Secrets.UnprotectVerifier(attempt.ProtectedVerifier);
        var answer = await client.AskAsync(
            provider,
            new() { ["grant_type"] = OpenIdConnectGrantTypes.AuthorizationCode, ["code"] = code, ["redirect_uri"] = attempt.RedirectUri, ["code_verifier"] = verifier },
            cancellationToken);
        if (string.IsNullOrEmpty(answer.RefreshToken))
        {
            throw new AuthorityRefusedException(ProviderCauses.NoRefreshToken, isFinal: true);
        }

        var grant = Kept(answer, answer.RefreshToken);
        return (await client.AddressesAsync(provider, cancellationToken)).Published is { } published
            ? Identified(await IdentityToken.ReadAsync(answer.IdToken, provider, published, NonceOf(verifier), cancellationToken), grant)
            : await ProvenAsync(attempt.Address, grant, cancellationToken);
    }

    public async Task<Grant> TokenAsync(ConnectedAccount account, TokenWish wish, CancellationToken cancellationToken)
    {
        var stored = client.Secrets.Tokens(account.ProtectedTokens);
        if (!wish.Early && stored.AccessToken != wish.Rejected && stored.ValidUntil - client.Clock.GetUtcNow() > s_margin)
        {
            return new Grant(stored.AccessToken, stored.ValidUntil, null);
        }

        var answer = await client.AskAsync(provider, new() { ["grant_type"] = OpenIdConnectGrantTypes.RefreshToken, ["refresh_token"] = stored.RefreshToken }, cancellationToken);
        return Kept(answer, string.IsNullOrEmpty(answer.RefreshToken) ? stored.RefreshToken : answer.RefreshToken); // the old one stays good where none comes (RFC 6749, section 6)
    }

    private static Login Identified(IdentityToken person, Grant grant) => new(person.Issuer, person.Subject, "", person.Name, person.Addresses, grant);

    /// <summary>Nobody says who signed in: whom the mail server lets in as the mailbox is the mailbox.</summary>
    private async Task<Login> ProvenAsync(string address, Grant grant, CancellationToken cancellationToken)
    {
        MailCredential credential = new(address, grant.AccessToken) { Mechanism = provider.Mechanism, IsOfOther = true };
        try
        {
            using var opened = await client.Imap.ConnectAsync(provider.Home.Imap with { IsReadOnly = true }, credential, cancellationToken);
            await opened.LeaveAsync(cancellationToken);
        }
        catch (MailConnectionException refused)
        {
            throw new AuthorityRefusedException(refused.Problem is ConnectionProblem.SignInRefused or ConnectionProblem.MailboxClosed ? ProviderCauses.MailboxRefused : SignInFailure.Unreachable, isFinal: true);
        }

        return new Login("", "", "", address, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { address }, grant);
    }

    private Grant Kept(OpenIdConnectMessage answer, string refreshToken)
    {
        var validUntil = client.Clock.GetUtcNow() + LifetimeOf(answer);
        return new Grant(answer.AccessToken, validUntil, client.Secrets.Protect(new ProviderTokens(answer.AccessToken, validUntil, refreshToken)));
    }

    /// <summary>Where none is told (RFC 6749, section 5.1), a server that refuses the token says so.</summary>
    private static TimeSpan LifetimeOf(OpenIdConnectMessage answer) =>
        int.TryParse(answer.ExpiresIn, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : TimeSpan.FromHours(1);

    /// <summary>Made of the verifier, so that one secret is kept of each attempt.</summary>
    private static string NonceOf(string verifier) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($"nonce {verifier}")));
}
