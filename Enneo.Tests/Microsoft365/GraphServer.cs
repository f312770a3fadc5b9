using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>As much of Microsoft Graph as a mailbox needs: who somebody is.</summary>
internal sealed class GraphServer
{
    /// <summary>What was asked, method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public void Map(WebApplication app, EntraServer entra)
    {
        app.MapGet("/graph/v1.0/me", (HttpRequest request) =>
        {
            Requests.Enqueue("GET me");
            if (UserOf(request) is not { } user)
            {
                return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "Access token is missing or of another audience." } }, statusCode: 401);
            }

            var person = entra.Person(user);
            return Results.Json(new
            {
                id = person.ObjectId,
                mail = person.Address,
                userPrincipalName = person.Address,
                proxyAddresses = person.Aliases.Select(alias => $"smtp:{alias}"),
            });
        });
    }

    /// <summary>Whom a token is of, if it is for Graph.</summary>
    private static string? UserOf(HttpRequest request)
    {
        if (request.Headers.Authorization.ToString().Split(' ') is not ["Bearer", var token] || token.Split('.') is not [_, var body, _])
        {
            return null;
        }

        var padded = body.Replace('-', '+').Replace('_', '/').PadRight((body.Length + 3) / 4 * 4, '=');
        using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(padded)));
        return claims.RootElement.GetProperty("aud").GetString()!.EndsWith("/graph", StringComparison.Ordinal) ? claims.RootElement.GetProperty("upn").GetString() : null;
    }
}
