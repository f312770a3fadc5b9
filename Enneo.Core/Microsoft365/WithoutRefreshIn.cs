using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Enneo.Core.Microsoft365;

/// <summary>
/// Takes <c>refresh_in</c> out of answers to MSAL, which renews behind our back by it: it gives the old token at once, and the new refresh token
/// comes when nobody waits for it any more. Here all are renewed ahead of time, and what comes is on disk before it is used.
/// </summary>
internal sealed class WithoutRefreshIn(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Name = "refresh_in";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (request.Method != HttpMethod.Post || !response.IsSuccessStatusCode)
        {
            return response;
        }

        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (Read(body) is { } answer && answer.Remove(Name))
        {
            var type = response.Content.Headers.ContentType ?? new MediaTypeHeaderValue("application/json");
            response.Content.Dispose();
            response.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(answer)) { Headers = { ContentType = type } };
        }

        return response;
    }

    private static JsonObject? Read(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // MSAL says so
        }
    }
}
