using System.Net;
using Enneo.Core.Net;

namespace Enneo.Core.Analysis;

/// <summary>
/// The connections to the model's endpoint. It is named by an admin, and still only reached at public addresses, by TLS
/// and without redirects, unless the admin says that it may be private.
/// </summary>
internal sealed class AiHttp : IDisposable
{
    private const int MostHeaders = 32; // KB

    private readonly HttpClient _public;
    private readonly HttpClient _private;

    public AiHttp() => (_public, _private) = (Client(mayBePrivate: false), Client(mayBePrivate: true));

    /// <summary>Turns a name into addresses.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    public HttpClient For(AiSettings settings) => settings.MayBePrivate ? _private : _public;

    public void Dispose()
    {
        _public.Dispose();
        _private.Dispose();
    }

    private HttpClient Client(bool mayBePrivate)
    {
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = (context, token) => GuardedSocket.ConnectAsync(context.DnsEndPoint, mayBePrivate, (name, stop) => Resolve(name, stop), token),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            MaxResponseHeadersLength = MostHeaders,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            UseCookies = false,
            UseProxy = false,
        };
        return new HttpClient(new ShortAnswers(handler), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }; // whoever asks says how long
    }

    /// <summary>Gives up on answers that are longer than any we ask for.</summary>
    private sealed class ShortAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private const int Longest = 256 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(Longest, cancellationToken);
            return response;
        }
    }
}
