using System.Globalization;

namespace Enneo.Core.Connections;

/// <summary>The plain sentences of <see cref="MailConnectionException"/>.</summary>
internal static class ProblemSentence
{
    public static string For(ConnectionProblem problem, MailEndpoint endpoint, string? serverText, ServerCertificate? certificate) =>
        Format(
            problem is ConnectionProblem.CertificateUntrusted ? TextOf(certificate) : TextOf(problem, endpoint, serverText),
            endpoint,
            certificate);

    private static string TextOf(ConnectionProblem problem, MailEndpoint endpoint, string? serverText) => problem switch
    {
        ConnectionProblem.HostNotFound => ConnectionText.HostNotFound,
        ConnectionProblem.AddressNotAllowed => ConnectionText.AddressNotAllowed,
        ConnectionProblem.Refused => ConnectionText.Refused,
        ConnectionProblem.TimedOut when endpoint is { Port: 993 or 465, Security: not ConnectionSecurity.Tls } => ConnectionText.TimedOutTlsPort,
        ConnectionProblem.TimedOut => ConnectionText.TimedOut,
        ConnectionProblem.StartTlsMissing => ConnectionText.StartTlsMissing,
        ConnectionProblem.TlsFailed => ConnectionText.TlsFailed,
        ConnectionProblem.SignInRefused when serverText is null => ConnectionText.SignInNotOffered,
        ConnectionProblem.SignInRefused => ConnectionText.SignInRefused,
        ConnectionProblem.MailboxClosed => ConnectionText.SignedInNotConnected,
        ConnectionProblem.ServerUnavailable when serverText is not null && FailureReading.SaysHeldBack(serverText) => ConnectionText.ServerHoldsBack,
        ConnectionProblem.ServerUnavailable => ConnectionText.ServerUnavailable,
        ConnectionProblem.Disconnected => ConnectionText.Disconnected,
        ConnectionProblem.CommandRefused => ConnectionText.CommandRefused,
        _ => ConnectionText.ProtocolError,
    };

    private static string TextOf(ServerCertificate? certificate) => certificate?.Cause switch
    {
        CertificateCause.SelfSigned => ConnectionText.CertificateSelfSigned,
        CertificateCause.UnknownAuthority => ConnectionText.CertificateUnknownAuthority,
        CertificateCause.Expired => ConnectionText.CertificateExpired,
        CertificateCause.NotYetValid => ConnectionText.CertificateNotYetValid,
        CertificateCause.WrongHostName when certificate.Names.Count > 0 => ConnectionText.CertificateWrongHostName,
        CertificateCause.Changed => ConnectionText.CertificateChanged,
        _ => ConnectionText.CertificateInvalid,
    };

    private static string Format(string text, MailEndpoint endpoint, ServerCertificate? certificate) => string.Format(
        CultureInfo.CurrentCulture,
        text,
        endpoint.Host,
        endpoint.Port,
        certificate?.Issuer,
        certificate?.ValidFrom,
        certificate?.ValidUntil,
        string.Join(", ", certificate?.Names ?? []));
}
