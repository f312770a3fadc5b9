using System.Security.Authentication;
using MailKit;

namespace Enneo.Core.Connections;

/// <summary>A client that has reached its server and has not signed in yet.</summary>
internal sealed class MailConnection<TClient>(TClient client, MailEndpoint endpoint, CertificateCheck certificate, RefusalListener refusals) : IDisposable
    where TClient : MailService
{
    public TClient Client => client;
    public MailEndpoint Endpoint => endpoint;
    public RefusalListener Refusals => refusals;

    /// <summary>Null without TLS.</summary>
    public ServerCertificate? Certificate => certificate.Shown;

    /// <summary>Such as <c>TLS 1.3</c>; null without TLS.</summary>
    public string? TlsVersion => !client.IsSecure ? null : client.SslProtocol switch
    {
        SslProtocols.Tls13 => "TLS 1.3",
        SslProtocols.Tls12 => "TLS 1.2",
        var other => other.ToString(),
    };

    public void Dispose() => client.Dispose();
}
