using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>Makes MSAL's application objects from the stored registration.</summary>
internal sealed class Registration(IDataProtectionProvider protection, CloudHttp http)
{
    private static readonly TimeSpan s_consentLives = TimeSpan.FromDays(14);

    private readonly IDataProtector _secrets = protection.CreateProtector("Enneo.Microsoft365.Secret");
    private readonly IDataProtector _tokens = protection.CreateProtector("Enneo.Microsoft365.Tokens");
    private readonly IDataProtector _consents = protection.CreateProtector("Enneo.Microsoft365.Consent");
    private readonly IDataProtector _verifiers = protection.CreateProtector("Enneo.Microsoft365.Verifier");

    public string ProtectSecret(string secret) => _secrets.Protect(secret);

    public string ProtectVerifier(string verifier) => _verifiers.Protect(verifier);

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys that protected it are gone.</exception>
    public string UnprotectVerifier(string verifier) => _verifiers.Unprotect(verifier);

    /// <summary>Goes to Microsoft with an administrator and comes back with them, within the days that such a mail may lie.</summary>
    public string ConsentState(Microsoft365Settings settings, DateTimeOffset now) =>
        _consents.Protect(string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()} {settings.Tenant} {settings.ClientId}"));

    public bool IsConsentState(string? state, Microsoft365Settings settings, DateTimeOffset now)
    {
        try
        {
            return state is { Length: > 80 } && _consents.Unprotect(state).Split(' ', 2) is [var at, var app]
                && app == $"{settings.Tenant} {settings.ClientId}"
                && DateTimeOffset.FromUnixTimeSeconds(long.Parse(at, CultureInfo.InvariantCulture)) > now - s_consentLives;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <param name="tokens">What was kept of an account; null for a new one.</param>
    /// <exception cref="CryptographicException">The keys that protected them are gone. (The cache itself would take what it cannot decrypt for plain text.)</exception>
    public TokenCache Cache(byte[]? tokens = null)
    {
        if (tokens is not null)
        {
            CryptographicOperations.ZeroMemory(_tokens.Unprotect(tokens));
        }

        return new TokenCache(_tokens, tokens);
    }

    /// <exception cref="System.Security.Cryptography.CryptographicException">The keys that protected the secret are gone.</exception>
    public IConfidentialClientApplication Application(Microsoft365Settings settings, TokenCache? cache = null, string? redirectUri = null)
    {
        var cloud = settings.Addresses;
        var builder = ConfidentialClientApplicationBuilder.Create(settings.ClientId)
            .WithAuthority(cloud.Authority, settings.Tenant, validateAuthority: false)
            .WithInstanceDiscovery(settings.Cloud is not Cloud.Own)
            .WithHttpClientFactory(http.FactoryFor(cloud), retryOnceOn5xx: false);
        builder = settings.ProtectedCertificate.Length > 0
            ? builder.WithCertificate(CertificateOf(settings))
            : builder.WithClientSecret(_secrets.Unprotect(settings.ProtectedSecret));
        var application = (redirectUri is null ? builder : builder.WithRedirectUri(redirectUri)).Build();
        cache?.Initialize(application.UserTokenCache);
        cache?.Initialize(application.AppTokenCache); // one of them is used for an account, never both
        return application;
    }

    private X509Certificate2 CertificateOf(Microsoft365Settings settings) =>
        X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(_secrets.Unprotect(settings.ProtectedCertificate)), password: null);
}
