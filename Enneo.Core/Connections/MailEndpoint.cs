namespace Enneo.Core.Connections;

public enum ConnectionSecurity
{
    /// <summary>TLS from the first byte (IMAP 993, SMTP 465; RFC 8314).</summary>
    Tls,

    /// <summary>TLS after STARTTLS, refused when the server does not offer it.</summary>
    StartTls,

    /// <summary>No encryption at all.</summary>
    None,
}

/// <summary>A mail server to talk to.</summary>
/// <param name="TrustedCertificate">SHA-256 fingerprint in hex of the one certificate trusted although nobody vouches for it.</param>
public sealed record MailEndpoint(string Host, int Port, ConnectionSecurity Security, string? TrustedCertificate = null)
{
    /// <summary>Nothing is changed there and nothing sent: a client that is made for it cannot.</summary>
    public bool IsReadOnly { get; init; }
}

/// <summary>How a server takes a token.</summary>
public enum TokenMechanism
{
    /// <summary>As Google and Microsoft describe it.</summary>
    XOAuth2,

    /// <summary>The standard (RFC 7628).</summary>
    OAuthBearer,
}

/// <summary>How to sign in to it.</summary>
public sealed record MailCredential(string User, string Password)
{
    /// <summary>The password is an access token, which the server takes in this way; null for a password.</summary>
    public TokenMechanism? Mechanism { get; init; }

    /// <summary>The token is of another provider than Microsoft.</summary>
    public bool IsOfOther { get; init; }

    public bool IsToken => Mechanism is not null;

    /// <summary>Never shows the password, wherever it may be printed.</summary>
    public override string ToString() => $"MailCredential {{ User = {User} }}";
}
