using System.Net;
using System.Text;
using Microsoft.Extensions.Options;

namespace Enneo.Core.Net;

/// <summary>What came back.</summary>
/// <param name="ContentType">As the server says, without parameters, in lower case; empty if it says nothing.</param>
public sealed record FetchedContent(string ContentType, byte[] Bytes);

/// <summary>What an address leads to has more bytes than are wanted.</summary>
public sealed class ContentTooLargeException : IOException;

/// <summary>
/// The one way to fetch what a stranger's address names. A name is resolved here and the connection goes to one of
/// the very addresses that were checked, so that a name that changes its mind gains nothing; each redirect is
/// checked like the first address. It carries no cookie, no referrer, nobody's name.
/// </summary>
public sealed class GuardedHttp : IDisposable
{
    private const int MaxRedirects = 4;
    private const int MaxHeaders = 32; // KB
    private const int ConcurrentPictures = 16;
    private const string AnyType = "*/*";
    private const string Agent = "Mozilla/5.0 (compatible)";

    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(5);

    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _invoker;
    private readonly SemaphoreSlim _slots = new(ConcurrentPictures);
    private readonly NetOptions _options;
    private readonly HashSet<string> _trustedHosts;

    public GuardedHttp(IOptions<NetOptions> options)
    {
        _options = options.Value;
        _trustedHosts = _options.TrustedHosts.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = ConnectAsync,
            ConnectTimeout = s_connectTimeout,
            Credentials = null,
            MaxResponseHeadersLength = MaxHeaders,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            UseCookies = false,
            UseProxy = false,
        };
        _invoker = new HttpMessageInvoker(_handler, disposeHandler: false);
    }

    /// <summary>Fetches a picture of a mail; some at a time.</summary>
    /// <returns>Null when the address is not allowed, nothing answers, or the answer is not wanted: for whoever asks that is the same.</returns>
    public async Task<FetchedContent?> FetchAsync(string address, string accept, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(_options.Timeout, cancellationToken))
        {
            return null;
        }

        try
        {
            return await FetchAsync(address, accept, isWanted, _options.MaxBytes, cancellationToken);
        }
        catch (ContentTooLargeException)
        {
            return null;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Fetches a file of any kind; whoever asks sees to how many there are at a time.</summary>
    /// <returns>Null when the address is not allowed, or nothing answers as it should.</returns>
    /// <exception cref="ContentTooLargeException">It has more than <paramref name="maxBytes"/>.</exception>
    public Task<FetchedContent?> FetchFileAsync(string address, long maxBytes, CancellationToken cancellationToken) => FetchAsync(address, AnyType, _ => true, maxBytes, cancellationToken);

    private async Task<FetchedContent?> FetchAsync(string address, string accept, Func<string, bool> isWanted, long maxBytes, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            return await FollowAsync(address, accept, isWanted, maxBytes, limit.Token);
        }
        catch (ContentTooLargeException)
        {
            throw;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Sends a form where <see cref="MayPost"/> allows it, once, and follows nobody anywhere else.</summary>
    /// <param name="form">Encoded as forms are.</param>
    /// <returns>What the server answered; null when the address is not allowed or nothing answers.</returns>
    public async Task<HttpStatusCode?> PostFormAsync(Uri address, string form, CancellationToken cancellationToken)
    {
        if (!MayPost(address))
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address);
            request.Headers.TryAddWithoutValidation("User-Agent", Agent);
            request.Content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
            using var response = await _invoker.SendAsync(request, limit.Token);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Whether a form may be sent there: encrypted, or to a host that is trusted.</summary>
    public bool MayPost(Uri address) => IsAllowed(address) && (address.Scheme == Uri.UriSchemeHttps || IsTrusted(address.IdnHost, address.Port));

    /// <summary>Turns a name into addresses.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    public void Dispose()
    {
        _invoker.Dispose();
        _handler.Dispose();
        _slots.Dispose();
    }

    /// <summary>Whether an address may be asked at all; where its name leads is seen when it is connected to.</summary>
    internal bool IsAllowed(Uri address) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.UserInfo.Length == 0
        && address.Host.Length > 0
        && (IsTrusted(address.IdnHost, address.Port)
            || (address.IsDefaultPort && (address.HostNameType is UriHostNameType.Dns ? address.IdnHost.Contains('.', StringComparison.Ordinal) : IPAddress.TryParse(address.IdnHost, out var literal) && PublicAddresses.Contains(literal))));

    private async Task<FetchedContent?> FollowAsync(string address, string accept, Func<string, bool> isWanted, long maxBytes, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var next))
        {
            return null;
        }

        for (var hop = 0; hop <= MaxRedirects && IsAllowed(next); hop++)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, next);
            request.Headers.TryAddWithoutValidation("User-Agent", Agent);
            request.Headers.TryAddWithoutValidation("Accept", accept);
            using var response = await _invoker.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is 301 or 302 or 303 or 307 or 308)
            {
                if (!Uri.TryCreate(next, response.Headers.Location, out next))
                {
                    return null;
                }

                continue;
            }

            var type = response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? "";
            return response.StatusCode is HttpStatusCode.OK && isWanted(type) ? await ReadAsync(response, type, maxBytes, cancellationToken) : null;
        }

        return null;
    }

    /// <summary>Counted as it is unpacked: what a server says about its size is a stranger's word too.</summary>
    private static async Task<FetchedContent?> ReadAsync(HttpResponseMessage response, string type, long maxBytes, CancellationToken cancellationToken)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream bytes = new();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (bytes.Length + read > maxBytes)
            {
                throw new ContentTooLargeException();
            }

            bytes.Write(buffer, 0, read);
        }

        return new FetchedContent(type, bytes.ToArray());
    }

    private ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken) =>
        GuardedSocket.ConnectAsync(context.DnsEndPoint, IsTrusted(context.DnsEndPoint.Host, context.DnsEndPoint.Port), Resolve, cancellationToken);

    private bool IsTrusted(string host, int port) => _trustedHosts.Contains(FormattableString.Invariant($"{host}:{port}"));
}
