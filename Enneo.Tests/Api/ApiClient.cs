using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Enneo.Tests.Api;

/// <summary>A program that calls the API.</summary>
/// <param name="key">Null for none.</param>
public sealed class ApiClient(Uri address, string? key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }) { BaseAddress = new Uri(address, "api/mind/") };

    /// <summary>Sent with every request.</summary>
    public IReadOnlyList<(string Name, string Value)> Standing { get; init; } = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Asks, and reads what comes back whatever its status.</summary>
    public async Task<ApiReply> AskAsync(HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            _ => JsonContent.Create(body),
        };
        if (key is not null && Array.TrueForAll(headers, header => header.Name != "Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        foreach (var (name, value) in Standing.Concat(headers))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        return new ApiReply(
            (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", bytes, response.Headers.ETag?.ToString(),
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    public Task<ApiReply> GetAsync(string path, params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Get, path, null, headers);

    public Task<ApiReply> PostAsync(string path, object? body, params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Post, path, body ?? new { }, headers);

    public Task<ApiReply> PatchAsync(string path, object body, params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Patch, path, body, headers);

    public Task<ApiReply> PutAsync(string path, object body, params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Put, path, body, headers);

    public Task<ApiReply> DeleteAsync(string path, params (string Name, string Value)[] headers) => AskAsync(HttpMethod.Delete, path, null, headers);

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back.</summary>
public sealed record ApiReply(int Status, string Type, byte[] Bytes, string? ETag, IReadOnlyDictionary<string, string> Headers)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>What is wrong with one field.</summary>
    public string Error(string field) => Json.GetProperty("errors").GetProperty(field)[0].GetString()!;

    public JsonElement Ticket => Json.GetProperty("ticket");

    public ApiReply Ok(int status = 200)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        return this;
    }

    public ApiReply Problem(int status)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        Assert.Equal("application/problem+json", Type);
        return this;
    }
}
