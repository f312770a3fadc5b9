using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Enneo.Core.OAuth;
using Microsoft.Identity.Client;

namespace Enneo.Core.Microsoft365;

/// <summary>Asks Graph about the person who signed in: under which addresses they receive mail, and whether they are in a group.</summary>
internal sealed class GraphPeople(CloudHttp http)
{
    /// <returns>Compared without case; the sign-in name alone when Graph does not answer.</returns>
    public async Task<IReadOnlySet<string>> NamesAsync(
        IConfidentialClientApplication application, CloudAddresses cloud, AuthenticationResult person, CancellationToken cancellationToken)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { person.Account.Username };
        try
        {
            var isPrivate = person.TenantId == ConnectedAccount.PersonalTenant;
            var token = await application.AcquireTokenSilent(Scopes.GraphOf(cloud, isPrivate), person.Account).ExecuteAsync(cancellationToken);
            using HttpRequestMessage request = new(HttpMethod.Get, $"{cloud.Graph}/v1.0/me?$select=id,mail,userPrincipalName{(isPrivate ? "" : ",proxyAddresses")}"); // which private accounts do not have
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
            using var response = await http.For(cloud).SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var me = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            if (IsSame(Text(me.RootElement, "id"), person.UniqueId, isPrivate))
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

    /// <param name="token">Of the person, for Graph.</param>
    /// <param name="groupId">Also one that contains a group of theirs.</param>
    /// <returns>Null when Graph does not say.</returns>
    public async Task<bool?> IsInGroupAsync(CloudAddresses cloud, string token, string groupId, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, $"{cloud.Graph}/v1.0/me/checkMemberGroups") { Content = JsonContent.Create(new { groupIds = new[] { groupId } }) };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.For(cloud).SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var answer = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
            return answer.RootElement.GetProperty("value").EnumerateArray().Any(id => string.Equals(id.GetString(), groupId, StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception exception) when ((SignInFailure.Covers(exception) || exception is JsonException or KeyNotFoundException or InvalidOperationException) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Of a private account Graph gives the sixteen digits, and sign-in an id like all others, with these at its end: 00000000-0000-0000-xxxx-xxxxxxxxxxxx.</summary>
    private static bool IsSame(string? graphId, string? objectId, bool isPrivate) =>
        graphId is not null && (isPrivate
            ? Guid.TryParse(objectId, out var id) && string.Equals(graphId.PadLeft(32, '0'), id.ToString("N"), StringComparison.OrdinalIgnoreCase)
            : graphId == objectId);

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
