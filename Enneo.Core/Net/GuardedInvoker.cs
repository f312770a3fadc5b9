using System.Net;

namespace Enneo.Core.Net;

/// <summary>Makes what calls addresses that an admin named: the connection goes to the very address that was checked, and no redirect is followed.</summary>
internal static class GuardedInvoker
{
    private const int MaxHeaders = 32; // KB

    /// <summary>For connecting, TLS included.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <param name="trustedCertificate">SHA-256 in upper-case hex of the one certificate that is trusted; null for those that the machine trusts.</param>
    /// <param name="resolve">Turns a name into addresses.</param>
    public static HttpMessageInvoker Make(
        bool mayBePrivate, string? trustedCertificate, TimeSpan connectTimeout, TimeSpan lifetime, Func<string, CancellationToken, Task<IPAddress[]>> resolve) => new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectCallback = (context, token) => GuardedSocket.ConnectAsync(
                context.DnsEndPoint, mayBePrivate, mayBePrivate ? (host, cancel) => ResolvePrivateAsync(resolve, host, cancel) : resolve, token),
            ConnectTimeout = connectTimeout,
            Credentials = null,
            MaxResponseHeadersLength = MaxHeaders,
            PooledConnectionLifetime = lifetime,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, errors) => UntrustedCertificateException.Check(trustedCertificate, certificate, errors) },
            UseCookies = false,
            UseProxy = false,
        });

    /// <summary>What answers with a cloud machine's secrets is no receiver of anything, whoever allows it.</summary>
    private static async Task<IPAddress[]> ResolvePrivateAsync(Func<string, CancellationToken, Task<IPAddress[]>> resolve, string host, CancellationToken cancellationToken)
    {
        var addresses = await resolve(host, cancellationToken);
        return Array.Exists(addresses, PublicAddresses.IsOfThePlatform) ? throw new HttpRequestException(NetText.AddressNotAllowed) : addresses;
    }
}
