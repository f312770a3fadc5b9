using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Connections;

namespace Enneo.Core.OAuth;

/// <summary>All that an admin says about a provider; each as in <see cref="OAuthProvider"/>.</summary>
public sealed record ProviderInput
{
    /// <summary>As Google publishes it: https://developers.google.com/workspace/gmail/imap/xoauth2-protocol. The client id and its secret are the admin's own.</summary>
    public static ProviderInput Google { get; } = new()
    {
        Name = "Google",
        IsGoogle = true,
        Authority = "https://accounts.google.com",
        Scopes = "openid email https://mail.google.com/",
        Extra = "access_type=offline&prompt=consent",
        ImapHost = "imap.gmail.com",
        SmtpHost = "smtp.gmail.com",
    };

    public string Name { get; init; } = "";

    /// <summary>Stays as long as the provider is there.</summary>
    public bool IsGoogle { get; init; }

    public string Authority { get; init; } = "";
    public string AuthorizeAddress { get; init; } = "";
    public string TokenAddress { get; init; } = "";
    public string ClientId { get; init; } = "";

    /// <summary>Null keeps the one that is stored, for the same app and addresses; empty for none.</summary>
    public string? Secret { get; init; }

    public string Scopes { get; init; } = "openid email offline_access";
    public string Extra { get; init; } = "";
    public TokenMechanism Mechanism { get; init; }
    public string ImapHost { get; init; } = "";
    public int ImapPort { get; init; } = 993;
    public ConnectionSecurity ImapSecurity { get; init; }
    public string SmtpHost { get; init; } = "";
    public int SmtpPort { get; init; } = 465;
    public ConnectionSecurity SmtpSecurity { get; init; }
    public string? TrustedCertificate { get; init; }

    /// <summary>
    /// The fingerprint that a person compared, and said to be that of the servers' own certificate, although mailboxes are connected: their tokens
    /// are shown to whoever has its key. Empty for no fingerprint any more; null where nobody said so. It counts for this one certificate.
    /// </summary>
    public string? ComparedCertificate { get; init; }

    /// <summary>Parts the way back from one provider from that of every other, so that none answers in another's place (RFC 9700, section 4.4).</summary>
    public string CallbackKey => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Authority.Trim() is { Length: > 0 } issuer ? issuer : TokenAddress.Trim())))[..12];

    /// <summary>Never shows the secret, wherever it may be printed.</summary>
    public override string ToString() => $"ProviderInput {{ {Name} }}";
}

/// <summary>A provider as it is shown: its secret never is.</summary>
/// <param name="Mailboxes">That are connected by it.</param>
public sealed record ProviderView(long Id, ProviderInput Settings, bool HasSecret, int Mailboxes);

/// <summary>How a change ended.</summary>
/// <param name="Errors">By field; empty on success.</param>
public sealed record ProviderResult(long? ProviderId, IReadOnlyDictionary<string, string[]> Errors);
