using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.RegularExpressions;
using Enneo.Core.OAuth;

namespace Enneo.Core.Microsoft365;

/// <summary>Requests to Graph in the name of one account; a token that is refused is renewed once.</summary>
/// <param name="root">Of the mailbox, such as <c>https://graph.microsoft.com/v1.0/users/support%40example.com</c>.</param>
internal sealed partial class GraphSession(AccountTokens tokens, HttpClient http, long accountId, string root)
{
    private string? _token;

    /// <summary>Sent with each request, such as <c>IdType="ImmutableId"</c> (RFC 7240).</summary>
    public IReadOnlyList<string> Preferences { get; init; } = [];

    /// <summary>What follows the head of an answer is read by whoever asks, however long it is.</summary>
    public bool LeavesBodies { get; init; }

    public async Task SignInAsync(CancellationToken cancellationToken) => _token = await tokens.GetAsync(accountId, TokenFor.Graph, cancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, Func<HttpContent> content, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, path, content, cancellationToken);

    public Task<HttpResponseMessage> DeleteAsync(string path, CancellationToken cancellationToken) => AskAsync(HttpMethod.Delete, path, null, cancellationToken);

    /// <param name="path">Below the mailbox, or a whole address that Graph gave: that of a next page.</param>
    public Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken, Func<HttpContent>? content = null) =>
        AskAsync(method, path, content, cancellationToken);

    /// <summary>An upload address vouches for itself and is shown no token.</summary>
    public async Task<HttpResponseMessage> PutChunkAsync(string address, ReadOnlyMemory<byte> chunk, long from, long size, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, address) { Content = new ReadOnlyMemoryContent(chunk) };
        request.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, from + chunk.Length - 1, size);
        return await http.SendAsync(request, cancellationToken);
    }

    /// <summary>As Graph takes a finished mail.</summary>
    public static Func<HttpContent> Mime(byte[] mime) => () => new StringContent(Convert.ToBase64String(mime), Encoding.ASCII, MediaTypeNames.Text.Plain);

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken)
    {
        var used = _token;
        var response = await AskOnceAsync(method, path, content, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var claims = ClaimsIn(response);
        response.Dispose();
        _token = await tokens.GetAsync(accountId, TokenFor.Graph, cancellationToken, rejected: used, claims: claims);
        return await AskOnceAsync(method, path, content, cancellationToken);
    }

    /// <returns>What Graph wants the next token to hold (a claims challenge, as after a change of policy); null for nothing.</returns>
    private static string? ClaimsIn(HttpResponseMessage response)
    {
        var challenge = response.Headers.WwwAuthenticate.FirstOrDefault(header => header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))?.Parameter;
        if (challenge is null || ClaimsPattern().Match(challenge) is not { Success: true } found)
        {
            return null;
        }

        var encoded = found.Groups["claims"].Value.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded.PadRight((encoded.Length + 3) / 4 * 4, '='), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    [GeneratedRegex("claims=\"(?<claims>[A-Za-z0-9+/_-]+)=*\"", RegexOptions.CultureInvariant)]
    private static partial Regex ClaimsPattern();

    private async Task<HttpResponseMessage> AskOnceAsync(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, path.StartsWith('/') ? root + path : path) { Content = content?.Invoke() };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        foreach (var preference in Preferences)
        {
            request.Headers.TryAddWithoutValidation("Prefer", preference);
        }

        return await http.SendAsync(request, LeavesBodies ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, cancellationToken);
    }
}
