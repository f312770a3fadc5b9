using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Enneo.Core.Connections;

/// <summary>
/// Decides about the certificate of one connection: the machine's trust, strictly; or, when the endpoint
/// names a fingerprint, exactly that certificate and no other, however well vouched for.
/// </summary>
internal sealed class CertificateCheck(MailEndpoint endpoint)
{
    private const int MaxNames = 3;

    /// <summary>What the server showed; null before TLS, and for good without it.</summary>
    public ServerCertificate? Shown { get; private set; }

    public bool Refused => Shown is { Cause: not CertificateCause.None };

    public bool Accept(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return false;
        }

        using X509Certificate2 leaf = new(certificate);
        var fingerprint = leaf.GetCertHashString(HashAlgorithmName.SHA256);
        var cause = endpoint.TrustedCertificate is { } trusted
            ? CertificateFingerprint.Matches(trusted, fingerprint) ? CertificateCause.None : CertificateCause.Changed
            : CauseOf(leaf, chain, errors);
        Shown = new ServerCertificate(
            ServerWords.Clean(NameOf(leaf, forIssuer: false)),
            ServerWords.Clean(NameOf(leaf, forIssuer: true)),
            Instant(leaf.NotBefore),
            Instant(leaf.NotAfter),
            fingerprint,
            HostNamesOf(leaf),
            cause);
        return cause is CertificateCause.None;
    }

    private static CertificateCause CauseOf(X509Certificate2 leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors is SslPolicyErrors.None)
        {
            return CertificateCause.None;
        }

        var status = chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;
        if (status.HasFlag(X509ChainStatusFlags.NotTimeValid))
        {
            return chain!.ChainPolicy.VerificationTime < leaf.NotBefore ? CertificateCause.NotYetValid : CertificateCause.Expired;
        }

        if ((status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) != 0)
        {
            return leaf.SubjectName.RawData.AsSpan().SequenceEqual(leaf.IssuerName.RawData) ? CertificateCause.SelfSigned : CertificateCause.UnknownAuthority;
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) ? CertificateCause.WrongHostName : CertificateCause.Other;
    }

    private static string NameOf(X509Certificate2 certificate, bool forIssuer)
    {
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer);
        return name.Length > 0 ? name : forIssuer ? certificate.Issuer : certificate.Subject;
    }

    private static string[] HostNamesOf(X509Certificate2 certificate)
    {
        try
        {
            return [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>()
                .SelectMany(extension => extension.EnumerateDnsNames())
                .Take(MaxNames)
                .Select(ServerWords.Clean)];
        }
        catch (CryptographicException)
        {
            return []; // written against the rules of RFC 5280, section 4.2.1.6: it names no host
        }
    }

    private static DateTimeOffset Instant(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);
}
