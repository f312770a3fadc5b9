using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Enneo.Core.Net;

/// <summary>What came back of something that was posted.</summary>
/// <param name="Status">Null when no answer came.</param>
/// <param name="Body">Its beginning, as text.</param>
/// <param name="RetryAfter">How long the server asks to wait.</param>
/// <param name="Problem">Why no answer came, in words of the connection; null where one did.</param>
public sealed record PostedAnswer(int? Status, string Body, TimeSpan? RetryAfter, string? Problem, TimeSpan Took)
{
    /// <summary>SHA-256 fingerprint in hex, when trusting this certificate would help.</summary>
    public string? UntrustedCertificate { get; init; }

    /// <summary>It is settled, and done later in another way: that says nothing of how the receiver is doing.</summary>
    public bool IsPutOff { get; init; }

    public bool Succeeded => Status is >= 200 and < 300;
}

/// <summary>
/// Posts JSON to addresses that an admin named. By TLS and to public addresses only, unless the admin says that the host may be
/// private; the name is resolved here and the connection goes to the very address that was checked. Redirects
/// are answers, not followed; of an answer only the beginning is read.
/// </summary>
public sealed class GuardedPosting(TimeProvider clock) : IDisposable
{
    /// <summary>Bytes of an answer that are read.</summary>
    public const int LongestAnswer = 8 * 1024;

    /// <summary>An answer's status stands once its header is there; its text is waited for no longer than this.</summary>
    private static readonly TimeSpan s_bodyTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(bool MayBePrivate, string Trusted), HttpMessageInvoker> _invokers = new();

    /// <summary>Turns a name into addresses.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Whether it may be posted there at all; where its name leads is seen when it is connected to.</summary>
    public static bool IsAllowed(Uri address, bool mayBePrivate) =>
        address.IsAbsoluteUri
        && (address.Scheme == Uri.UriSchemeHttps || (mayBePrivate && address.Scheme == Uri.UriSchemeHttp))
        && address is { UserInfo.Length: 0, Host.Length: > 0 }
        && (mayBePrivate || (address.HostNameType is UriHostNameType.Dns
            ? address.IdnHost.Contains('.', StringComparison.Ordinal)
            : IPAddress.TryParse(address.IdnHost, out var literal) && PublicAddresses.Contains(literal)));

    /// <param name="trustedCertificate">SHA-256 in upper-case hex of the one certificate that is trusted although nobody vouches for it; null for those that the machine trusts.</param>
    /// <param name="limit">For connecting, sending and the header of the answer.</param>
    public async Task<PostedAnswer> SendAsync(
        Uri address, bool mayBePrivate, string? trustedCertificate, byte[] json, IReadOnlyDictionary<string, string> headers, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        if (!IsAllowed(address, mayBePrivate))
        {
            return Failed(started, NetText.AddressNotAllowed);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new ByteArrayContent(json) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await Invoker(mayBePrivate, trustedCertificate).SendAsync(request, timeout.Token);
            var body = await ReadAsync(response, cancellationToken);
            return new PostedAnswer((int)response.StatusCode, body, RetryAfter(response), null, Stopwatch.GetElapsedTime(started));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(started, NetText.NoAnswerInTime);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(started, Words(exception)) with { UntrustedCertificate = UntrustedCertificateException.Of(exception)?.Fingerprint };
        }
    }

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values)
        {
            invoker.Dispose();
        }
    }

    private static PostedAnswer Failed(long started, string problem) => new(null, "", null, problem, Stopwatch.GetElapsedTime(started));

    internal static string Words(Exception exception) => UntrustedCertificateException.Of(exception) is { } untrusted ? untrusted.Message
        : exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? NetText.CertificateRefused
        : exception.InnerException is HttpRequestException { Message: { Length: > 0 } inner } ? inner : exception.Message;

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_bodyTimeout);
        var bytes = new byte[LongestAnswer];
        var length = 0;
        try
        {
            await using var content = await response.Content.ReadAsStreamAsync(limit.Token);
            int read;
            while (length < bytes.Length && (read = await content.ReadAsync(bytes.AsMemory(length), limit.Token)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Its status is what counts.
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private HttpMessageInvoker Invoker(bool mayBePrivate, string? trustedCertificate) => _invokers.GetOrAdd(
        (mayBePrivate, trustedCertificate ?? ""),
        kind => GuardedInvoker.Make(kind.MayBePrivate, kind.Trusted.Length == 0 ? null : kind.Trusted, GuardedInvoker.ConnectTimeout, TimeSpan.FromMinutes(2), Resolve));
}
