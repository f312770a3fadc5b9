using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;

namespace Enneo.Core.Microsoft365;

/// <summary>Requests to Graph in the name of one account; a token that is refused is renewed once.</summary>
/// <param name="root">Of the mailbox, such as <c>https://graph.microsoft.com/v1.0/users/support%40example.com</c>.</param>
internal sealed class GraphSession(AccountTokens tokens, HttpClient http, long accountId, string root)
{
    private string? _token;

    public async Task SignInAsync(CancellationToken cancellationToken) => _token = await tokens.GetAsync(accountId, TokenFor.Graph, cancellationToken);

    public Task<HttpResponseMessage> PostAsync(string path, Func<HttpContent> content, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Post, path, content, cancellationToken);

    public Task<HttpResponseMessage> DeleteAsync(string path, CancellationToken cancellationToken) => AskAsync(HttpMethod.Delete, path, null, cancellationToken);

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
        var response = await AskOnceAsync(method, path, content, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized)
        {
            return response;
        }

        response.Dispose();
        _token = await tokens.GetAsync(accountId, TokenFor.Graph, cancellationToken, rejected: _token);
        return await AskOnceAsync(method, path, content, cancellationToken);
    }

    private async Task<HttpResponseMessage> AskOnceAsync(HttpMethod method, string path, Func<HttpContent>? content, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(method, root + path) { Content = content?.Invoke() };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
        return await http.SendAsync(request, cancellationToken);
    }
}
