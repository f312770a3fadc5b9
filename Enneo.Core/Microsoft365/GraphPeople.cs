using System.Net.Http.Headers;
using System.Text.Json;
using Enneo.Core.OAuth;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>Asks Graph under which addresses the person who signed in receives mail.</summary>
internal sealed class GraphPeople(CloudHttp http)
{
    /// <returns>Compared without case; the sign-in name alone when Graph does not answer.</returns>
    public async Task<IReadOnlySet<string>> NamesAsync(
        IConfidentialClientApplication application, CloudAddresses cloud, AuthenticationResult person, CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { person.Account.Username };
        try
        {
            var token = await application.AcquireTokenSilent(Scopes.GraphOf(cloud), person.Account).ExecuteAsync(cancellationToken);
            using HttpRequestMessage request = new(HttpMethod.Get, $"{cloud.Graph}/v1.0/me?$select=id,mail,userPrincipalName,proxyAddresses");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
            using var response = await http.For(cloud).SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var me = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            if (Text(me.RootElement, "id") == person.UniqueId)
            {
                names.UnionWith(Addresses(me.RootElement));
            }
        }
        catch (Exception exception) when ((SignInFailure.Covers(exception) || exception is JsonException) && !cancellationToken.IsCancellationRequested)
        {
            // Signing in is what counts: whether the mailbox is this person's is asked instead.
        }

        return names;
    }

    private static IEnumerable<string> Addresses(JsonElement me)
    {
        foreach (var field in new[] { "mail", "userPrincipalName" })
        {
            if (Text(me, field) is { } address)
            {
                yield return address;
            }
        }

        if (me.TryGetProperty("proxyAddresses", out var proxies) && proxies.ValueKind is JsonValueKind.Array)
        {
            foreach (var proxy in proxies.EnumerateArray())
            {
                if (proxy.ValueKind is JsonValueKind.String && proxy.GetString() is { } text && text.StartsWith("smtp:", StringComparison.OrdinalIgnoreCase))
                {
                    yield return text[5..];
                }
            }
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
