using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Cryptography;
using Enneo.Core.Connections;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>The clients that reach Microsoft and other providers: the machine's trust, strictly, or the one certificate that an admin named.</summary>
internal sealed class CloudHttp : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Trusted, TimeSpan Timeout, bool IsForMsal), HttpClient> _clients = new();

    public HttpClient For(CloudAddresses cloud) => For(cloud.TrustedCertificate);

    /// <param name="trustedCertificate">SHA-256 fingerprint in hex; null for those that the machine trusts.</param>
    public HttpClient For(string? trustedCertificate) => ClientFor(trustedCertificate, s_timeout);

    /// <summary>Once it is connected, only the caller's token ends a request.</summary>
    public HttpClient PatientFor(CloudAddresses cloud) => ClientFor(cloud.TrustedCertificate, Timeout.InfiniteTimeSpan);

    private HttpClient ClientFor(string? trustedCertificate, TimeSpan timeout, bool isForMsal = false) => _clients.GetOrAdd((trustedCertificate ?? "", timeout, isForMsal), static kind =>
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, ConnectCallback = ConnectAsync, ConnectTimeout = s_timeout, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false, UseProxy = false };
        if (kind.Trusted.Length > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && CertificateFingerprint.Matches(kind.Trusted, certificate.GetCertHashString(HashAlgorithmName.SHA256));
        }

        return new HttpClient(kind.IsForMsal ? new WithoutRefreshIn(handler) : handler) { Timeout = kind.Timeout };
    });

    /// <summary>The same for MSAL.</summary>
    public IMsalHttpClientFactory FactoryFor(CloudAddresses cloud) => new Factory(ClientFor(cloud.TrustedCertificate, s_timeout, isForMsal: true));

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    /// <summary>An admin may name addresses of their own; those where clouds hand out secrets are reached by nobody.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        MailEndpoint endpoint = new(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ConnectionSecurity.Tls);
        return new NetworkStream(await MailSocket.ConnectAsync(endpoint, cancellationToken), ownsSocket: true);
    }

    private sealed class Factory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }
}
