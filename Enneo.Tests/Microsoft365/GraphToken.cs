using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>An access token as Graph reads it: whose, and what was agreed to.</summary>
/// <param name="User">Empty for the app itself.</param>
/// <param name="Roles">What the app itself was given in Entra: for every mailbox.</param>
/// <param name="InExchange">What Exchange gives it: <c>Mail.Send support@example.com</c>. (Exchange looks that up; Graph of the tests reads it in the token.)</param>
internal sealed record GraphToken(string User, IReadOnlySet<string> Scopes, IReadOnlySet<string> Roles, IReadOnlySet<string> InExchange)
{
    /// <returns>Null where there is none, or it is for another than <paramref name="audience"/>.</returns>
    public static GraphToken? Of(HttpRequest request, string audience)
    {
        if (request.Headers.Authorization.ToString().Split(' ') is not ["Bearer", var token] || token.Split('.') is not [_, var body, _])
        {
            return null;
        }

        var padded = body.Replace('-', '+').Replace('_', '/').PadRight((body.Length + 3) / 4 * 4, '=');
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
        var claims = document.RootElement;
        return claims.GetProperty("aud").GetString() != audience ? null : new GraphToken(
            claims.GetProperty("upn").GetString()!,
            claims.GetProperty("scp").GetString()!.Split(' ').ToHashSet(StringComparer.Ordinal),
            Texts(claims.GetProperty("roles")),
            Texts(claims.GetProperty("in_exchange")));
    }

    private static HashSet<string> Texts(JsonElement array) => array.EnumerateArray().Select(text => text.GetString()!).ToHashSet(StringComparer.OrdinalIgnoreCase);

    public bool Has(string scope) => Scopes.Contains(scope);

    /// <summary>Another's mailbox takes the permission for shared ones; the app itself one of its own.</summary>
    public bool May(string permission, string address) =>
        User.Length == 0 ? Roles.Contains(permission) || InExchange.Contains($"{permission} {address}")
        : Scopes.Contains($"{permission}.Shared") || (Scopes.Contains(permission) && string.Equals(User, address, StringComparison.OrdinalIgnoreCase));
}
