using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Enneo.Core.Net;

/// <summary>A server showed a certificate that nobody vouches for, or another one than the one that is trusted.</summary>
internal sealed class UntrustedCertificateException(string message, string fingerprint) : AuthenticationException(message)
{
    /// <summary>SHA-256 in upper-case hex.</summary>
    public string Fingerprint => fingerprint;

    /// <summary>The machine's trust, strictly; or exactly the one certificate that an admin named, and no other, however well vouched for.</summary>
    /// <param name="trusted">SHA-256 in upper-case hex; null for the machine's trust.</param>
    /// <exception cref="UntrustedCertificateException">It is not trusted.</exception>
    public static bool Check(string? trusted, X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null)
        {
            return false;
        }

        var shown = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return trusted is null
            ? errors is SslPolicyErrors.None ? true : throw new UntrustedCertificateException(NetText.CertificateRefused, shown)
            : string.Equals(trusted, shown, StringComparison.Ordinal) ? true : throw new UntrustedCertificateException(NetText.CertificateChanged, shown);
    }

    /// <returns>Null where a connection failed for another reason.</returns>
    public static UntrustedCertificateException? Of(Exception? exception) => exception switch
    {
        null => null,
        UntrustedCertificateException untrusted => untrusted,
        _ => Of(exception.InnerException),
    };
}
