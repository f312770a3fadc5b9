using System.Collections.Concurrent;
using System.Security.Cryptography;
using Enneo.Core.Connections;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>The clients that reach Microsoft: the machine's trust, strictly, or the one certificate that an admin named.</summary>
internal sealed class CloudHttp : IDisposable
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, HttpClient> _clients = new();

    public HttpClient For(CloudAddresses cloud) => _clients.GetOrAdd(cloud.TrustedCertificate ?? "", static trusted =>
    {
        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false };
        if (trusted.Length > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate is not null && CertificateFingerprint.Matches(trusted, certificate.GetCertHashString(HashAlgorithmName.SHA256));
        }

        return new HttpClient(handler) { Timeout = s_timeout };
    });

    /// <summary>The same for MSAL.</summary>
    public IMsalHttpClientFactory FactoryFor(CloudAddresses cloud) => new Factory(For(cloud));

    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private sealed class Factory(HttpClient client) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => client;
    }
}
