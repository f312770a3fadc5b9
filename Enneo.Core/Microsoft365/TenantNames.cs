using System.Net.Http.Json;
using System.Text.Json;

namespace Enneo.Core.Microsoft365;

/// <summary>Asks Microsoft which directory a name means: what the authority publishes of it (OpenID Connect Discovery 1.0) names its id.</summary>
internal sealed class TenantNames(CloudHttp http)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <param name="cloud">Whose authority is asked; nothing secret is shown to it.</param>
    /// <returns>Null where it is not to be had: nobody has that name, or nothing answers.</returns>
    public async Task<string?> IdOfAsync(CloudAddresses cloud, string name, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_patience);
        try
        {
            var told = await http.For(cloud).GetFromJsonAsync<JsonElement>($"{cloud.Authority}/{Uri.EscapeDataString(name)}/v2.0/.well-known/openid-configuration", patience.Token);
            return told.ValueKind is JsonValueKind.Object && told.TryGetProperty("issuer", out var issuer) && Uri.TryCreate(issuer.ToString(), UriKind.Absolute, out var address)
                ? address.Segments.Select(segment => segment.Trim('/')).FirstOrDefault(segment => Guid.TryParse(segment, out _))
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null; // the name is kept, and the warning says that it tells nothing
        }
    }
}
