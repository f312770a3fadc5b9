using Enneo.Core.Connections;

namespace Enneo.Core.OAuth;

/// <summary>What the fields of a provider must be.</summary>
internal static class ProviderRules
{
    private const int LongestName = 100;
    private const int LongestText = 1000;

    public static ProviderInput Normalized(ProviderInput input) => input with
    {
        Name = input.Name.Trim(),
        Authority = input.Authority.Trim(),
        AuthorizeAddress = input.Authority.Trim().Length > 0 ? "" : input.AuthorizeAddress.Trim(),
        TokenAddress = input.Authority.Trim().Length > 0 ? "" : input.TokenAddress.Trim(),
        ClientId = input.ClientId.Trim(),
        Secret = input.Secret?.Trim(),
        Scopes = string.Join(' ', input.Scopes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        Extra = input.Extra.Trim(),
        ImapHost = input.ImapHost.Trim(),
        SmtpHost = input.SmtpHost.Trim(),
        TrustedCertificate = string.IsNullOrWhiteSpace(input.TrustedCertificate) ? null
            : CertificateFingerprint.TryNormalize(input.TrustedCertificate, out var fingerprint) ? fingerprint : input.TrustedCertificate,
    };

    /// <param name="input">Normalised.</param>
    public static Dictionary<string, string[]> Check(ProviderInput input)
    {
        Dictionary<string, string[]> errors = [];
        Demand("name", IsLine(input.Name, LongestName), ProviderText.NameInvalid);
        Demand("authority", input.Authority.Length > 0 ? IsHttps(input.Authority) : IsHttps(input.AuthorizeAddress) && IsHttps(input.TokenAddress), ProviderText.AddressesInvalid);
        Demand("clientId", IsLine(input.ClientId, LongestText), ProviderText.ClientIdMissing);
        Demand("secret", input.Secret is not { Length: > LongestText }, ProviderText.SecretInvalid);
        Demand("scopes", IsLine(input.Scopes, LongestText), ProviderText.ScopesMissing);
        Demand("scopes", input.Authority.Length == 0 || input.Scopes.Split(' ').Contains("openid"), ProviderText.ScopesWithoutOpenId);
        Demand("extra", input.Extra.Length <= LongestText && ExtraParameters.AreAllowed(input.Extra), ProviderText.ExtraInvalid);
        Demand("imap", IsServer(input.ImapHost, input.ImapPort, input.ImapSecurity), ProviderText.ServerInvalid);
        Demand("smtp", IsServer(input.SmtpHost, input.SmtpPort, input.SmtpSecurity), ProviderText.ServerInvalid);
        Demand("fingerprint", input.TrustedCertificate is null || CertificateFingerprint.TryNormalize(input.TrustedCertificate, out _), ProviderText.FingerprintInvalid);
        return errors;

        void Demand(string field, bool holds, string error)
        {
            if (!holds)
            {
                errors.TryAdd(field, [error]);
            }
        }
    }

    private static bool IsLine(string text, int longest) => text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);

    private static bool IsHttps(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri is { UserInfo.Length: 0, Fragment.Length: 0 };

    /// <summary>A token goes over no connection that others can read.</summary>
    private static bool IsServer(string host, int port, ConnectionSecurity security) =>
        Uri.CheckHostName(host) is not UriHostNameType.Unknown && port is > 0 and <= 65_535 && security is (ConnectionSecurity.Tls or ConnectionSecurity.StartTls);
}
