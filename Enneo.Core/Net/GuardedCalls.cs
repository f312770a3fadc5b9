using System.Net;
using System.Net.Http.Headers;

namespace Enneo.Core.Net;

/// <summary>What another system answered to a call.</summary>
/// <param name="Status">Null when no answer came.</param>
/// <param name="RetryAfter">How long it asks to wait.</param>
/// <param name="ETag">By which its state is known; null where it says none.</param>
/// <param name="Problem">Why no whole answer came, in words of the connection; null where one did.</param>
public sealed record CalledAnswer(int? Status, byte[] Bytes, TimeSpan? RetryAfter, string? ETag, string? Problem)
{
    /// <summary>There was no connection: nothing of the call has gone out.</summary>
    public bool IsUnsent { get; init; }

    public bool Succeeded => Problem is null && Status is >= 200 and < 300;
}

/// <summary>
/// Calls the API of another system that an admin named, and reads its answers whole. The same addresses are allowed as for
/// <see cref="GuardedPosting"/>, in the same way.
/// </summary>
public sealed class GuardedCalls(TimeProvider clock) : IDisposable
{
    /// <summary>Bytes that a slow line moves within a second.</summary>
    private const double SlowestPerSecond = 50_000;

    /// <summary>Whether a body of more bytes is wanted at all is asked before it is sent.</summary>
    private const int AskedFrom = 1_000_000;

    private HttpMessageInvoker? _public;
    private HttpMessageInvoker? _private;

    /// <summary>Where it passes, nothing has gone out.</summary>
    internal TimeSpan ConnectTimeout { get; init; } = GuardedInvoker.ConnectTimeout;

    /// <param name="json">Null for a call without a body.</param>
    /// <param name="limit">For a call without a body, until its answer begins, and until that goes on; what bodies take on a slow line comes on top.</param>
    /// <param name="maxBytes">Of the answer; of a longer one only its status is told.</param>
    public async Task<CalledAnswer> SendAsync(
        HttpMethod method, Uri address, bool mayBePrivate, byte[]? json, IReadOnlyDictionary<string, string> headers, TimeSpan limit, int maxBytes, CancellationToken cancellationToken)
    {
        if (!GuardedPosting.IsAllowed(address, mayBePrivate))
        {
            return Failed(NetText.AddressNotAllowed) with { IsUnsent = true };
        }

        using CancellationTokenSource late = new(limit + TimeOf(json?.Length ?? 0), clock);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            using HttpRequestMessage request = new(method, address) { Content = json is null ? null : new ByteArrayContent(json) };
            if (request.Content is { } content)
            {
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
                request.Headers.ExpectContinue = json!.Length > AskedFrom; // else one that refuses it closes the line, and why is lost
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await Invoker(mayBePrivate).SendAsync(request, timeout.Token);
            return await ReadAsync(response, maxBytes, () => late.CancelAfter(limit), limit.TotalSeconds * SlowestPerSecond, timeout.Token) is { } bytes
                ? new CalledAnswer((int)response.StatusCode, bytes, RetryAfter(response), response.Headers.ETag?.ToString(), null)
                : new CalledAnswer((int)response.StatusCode, [], null, null, NetText.AnswerTooLong);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(NetText.NoAnswerInTime) with { IsUnsent = exception.InnerException is TimeoutException && !late.IsCancellationRequested }; // no connection was made in its time
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            var isUnsent = exception is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError };
            return Failed(GuardedPosting.Words(exception)) with { IsUnsent = isUnsent };
        }
    }

    public void Dispose()
    {
        _public?.Dispose();
        _private?.Dispose();
    }

    private static CalledAnswer Failed(string problem) => new(null, [], null, null, problem);

    private static TimeSpan TimeOf(long bytes) => TimeSpan.FromSeconds(bytes / SlowestPerSecond);

    /// <param name="wait">Gives it time anew: at the beginning, and after each <paramref name="step"/> bytes.</param>
    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, Action wait, double step, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            return null;
        }

        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream bytes = new();
        var buffer = new byte[16 * 1024];
        var waited = 0L;
        wait();
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxBytes)
            {
                return null;
            }

            if (bytes.Length - waited >= step)
            {
                waited = bytes.Length;
                wait();
            }
        }

        return bytes.ToArray();
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
        _ => null,
    };

    private HttpMessageInvoker Invoker(bool mayBePrivate) => mayBePrivate
        ? LazyInitializer.EnsureInitialized(ref _private, () => Make(mayBePrivate: true))
        : LazyInitializer.EnsureInitialized(ref _public, () => Make(mayBePrivate: false));

    private HttpMessageInvoker Make(bool mayBePrivate) =>
        GuardedInvoker.Make(mayBePrivate, trustedCertificate: null, ConnectTimeout, TimeSpan.FromMinutes(2), Dns.GetHostAddressesAsync);
}
