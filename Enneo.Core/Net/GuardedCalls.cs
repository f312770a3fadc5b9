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
    public bool Succeeded => Problem is null && Status is >= 200 and < 300;
}

/// <summary>
/// Calls the API of another system that an admin named, and reads its answers whole. The same addresses are allowed as for
/// <see cref="GuardedPosting"/>, in the same way.
/// </summary>
public sealed class GuardedCalls(TimeProvider clock) : IDisposable
{
    private HttpMessageInvoker? _public;
    private HttpMessageInvoker? _private;

    /// <param name="json">Null for a call without a body.</param>
    /// <param name="limit">For the whole call.</param>
    /// <param name="maxBytes">Of the answer; a longer one is none.</param>
    public async Task<CalledAnswer> SendAsync(
        HttpMethod method, Uri address, bool mayBePrivate, byte[]? json, IReadOnlyDictionary<string, string> headers, TimeSpan limit, int maxBytes, CancellationToken cancellationToken)
    {
        if (!GuardedPosting.IsAllowed(address, mayBePrivate))
        {
            return Failed(NetText.AddressNotAllowed);
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            using HttpRequestMessage request = new(method, address) { Content = json is null ? null : new ByteArrayContent(json) };
            if (request.Content is { } content)
            {
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await Invoker(mayBePrivate).SendAsync(request, timeout.Token);
            return await ReadAsync(response, maxBytes, timeout.Token) is { } bytes
                ? new CalledAnswer((int)response.StatusCode, bytes, RetryAfter(response), response.Headers.ETag?.ToString(), null)
                : new CalledAnswer((int)response.StatusCode, [], null, null, NetText.AnswerTooLong);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(NetText.NoAnswerInTime);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed(GuardedPosting.Words(exception));
        }
    }

    public void Dispose()
    {
        _public?.Dispose();
        _private?.Dispose();
    }

    private static CalledAnswer Failed(string problem) => new(null, [], null, null, problem);

    private static async Task<byte[]?> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream bytes = new();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxBytes)
            {
                return null;
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

    private static HttpMessageInvoker Make(bool mayBePrivate) => GuardedInvoker.Make(mayBePrivate, trustedCertificate: null, TimeSpan.FromMinutes(2), Dns.GetHostAddressesAsync);
}
