using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Enneo.Core.OAuth;

/// <summary>Who signed in, as the provider vouches for it (OpenID Connect Core 1.0, section 3.1.3.7).</summary>
/// <param name="Issuer">With <paramref name="Subject"/> it says who that is; an address can be given to somebody else.</param>
/// <param name="Name">To be shown.</param>
/// <param name="Addresses">Compared without case; those that the provider itself calls unproven are not among them.</param>
internal sealed record IdentityToken(string Issuer, string Subject, string Name, IReadOnlySet<string> Addresses)
{
    private const int LongestName = 200;

    /// <summary>The provider's clock and ours need not agree.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(15);

    private static readonly JsonWebTokenHandler s_handler = new() { MapInboundClaims = false };

    /// <exception cref="AuthorityRefusedException">It is not one that can be believed.</exception>
    public static async Task<IdentityToken> ReadAsync(
        string? token, OAuthProvider provider, PublishedProvider published, string nonce, CancellationToken cancellationToken)
    {
        var result = await ValidateAsync(token, provider, await published.CurrentAsync(cancellationToken));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            result = await ValidateAsync(token, provider, await published.RefreshedAsync(cancellationToken)); // its keys were changed meanwhile
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken read }
            && read.Subject is { Length: > 0 }
            && Text(read, JwtRegisteredClaimNames.Nonce) == nonce
            && (Text(read, JwtRegisteredClaimNames.Azp) ?? provider.ClientId) == provider.ClientId
            ? Of(read)
            : throw new AuthorityRefusedException(ProviderCauses.Identity, isFinal: true);
    }

    private static Task<TokenValidationResult> ValidateAsync(string? token, OAuthProvider provider, OpenIdConnectConfiguration configuration) => s_handler.ValidateTokenAsync(
        token,
        new TokenValidationParameters
        {
            ValidIssuer = configuration.Issuer,
            ValidAudience = provider.ClientId,
            ClockSkew = s_skew,
            IssuerSigningKeys = configuration.SigningKeys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
        });

    private static IdentityToken Of(JsonWebToken read)
    {
        var isUnproven = string.Equals(Text(read, "email_verified"), bool.FalseString, StringComparison.OrdinalIgnoreCase);
        var email = Text(read, JwtRegisteredClaimNames.Email);
        HashSet<string> addresses = new(((string?[])[email, Text(read, "preferred_username")]).OfType<string>(), StringComparer.OrdinalIgnoreCase);
        if (isUnproven && email is not null)
        {
            addresses.Remove(email); // whichever claim repeats it
        }

        var shown = addresses.FirstOrDefault() ?? read.Subject;
        return new IdentityToken(read.Issuer, read.Subject, shown.Length > LongestName ? shown[..LongestName] : shown, addresses);
    }

    private static string? Text(JsonWebToken token, string name) => token.TryGetClaim(name, out var claim) && claim.Value.Length > 0 ? claim.Value : null;
}
