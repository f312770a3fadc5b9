namespace Enneo.Core.Connections;

/// <summary>What stands between us and a mail server.</summary>
public enum ConnectionProblem
{
    HostNotFound,

    /// <summary>The name leads only to addresses that no mail server has: link-local or cloud metadata.</summary>
    AddressNotAllowed,

    /// <summary>Nobody listens there, or no way leads there.</summary>
    Refused,
    TimedOut,

    /// <summary>See <see cref="MailConnectionException.Certificate"/>.</summary>
    CertificateUntrusted,

    /// <summary>STARTTLS was asked for and is not offered; nothing was sent.</summary>
    StartTlsMissing,
    TlsFailed,

    /// <summary>Only a person can help.</summary>
    SignInRefused,

    /// <summary>Who signed in is known, and the mailbox is not opened to them: signing in anew changes nothing.</summary>
    MailboxClosed,

    /// <summary>Busy, under maintenance, too many connections: later it may do.</summary>
    ServerUnavailable,
    Disconnected,
    ProtocolError,

    /// <summary>The server said no to one request; the connection is still good.</summary>
    CommandRefused,
}

/// <summary>Why a certificate is not trusted.</summary>
public enum CertificateCause
{
    None,
    SelfSigned,
    UnknownAuthority,
    Expired,
    NotYetValid,
    WrongHostName,

    /// <summary>It is not the one certificate that is trusted by its fingerprint.</summary>
    Changed,
    Other,
}

/// <summary>A server's certificate, in words; whatever the server wrote is cleaned and capped.</summary>
/// <param name="Fingerprint">SHA-256, hex in upper case.</param>
/// <param name="Names">The host names it is for, the first few.</param>
/// <param name="Cause"><see cref="CertificateCause.None"/> when it is trusted.</param>
public sealed record ServerCertificate(
    string Subject, string Issuer, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, string Fingerprint, IReadOnlyList<string> Names, CertificateCause Cause);
