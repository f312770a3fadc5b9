using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Microsoft365;

/// <summary>As much of Microsoft Graph as a mailbox needs: who somebody is, sending, drafts and uploads.</summary>
internal sealed class GraphServer
{
    /// <summary>What was asked, method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What was sent, by whom: MIME.</summary>
    public ConcurrentQueue<(string Address, byte[] Mime)> Sent { get; } = new();

    /// <summary>Bytes that were uploaded.</summary>
    public long Uploaded { get; private set; }

    /// <summary>Sending is answered with this in place of 202.</summary>
    public (int Status, string Code, int? RetryAfter)? Refusal { get; set; }

    /// <summary>Puts what was sent into Sent Items, as Exchange does; by address and MIME.</summary>
    public Func<string, byte[], Task> FileAsync { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Where files are uploaded to; null for here.</summary>
    public string? UploadAddress { get; set; }

    /// <summary>Deleting a draft fails.</summary>
    public bool KeepsDrafts { get; set; }

    /// <summary>Drafts that were neither sent nor deleted.</summary>
    public int Drafts => _drafts.Count;

    /// <summary>The next token that is refused, is refused with this challenge (claims that it lacks).</summary>
    public string? Challenge { get; set; }

    /// <summary>So many tokens are refused when something is sent.</summary>
    public int Rejections { get; set; }

    /// <summary>Waited before sending is answered.</summary>
    public TimeSpan Delay { get; set; }

    private readonly ConcurrentDictionary<string, byte[]> _drafts = new();

    private void MapSending(WebApplication app, EntraServer entra)
    {
        app.MapPost("/graph/v1.0/users/{address}/sendMail", async (string address, HttpRequest request) => await TakeAsync(request, async () => await KeepAsync(address, await MimeAsync(request))));
        app.MapPost("/graph/v1.0/users/{address}/messages", async (HttpRequest request) =>
        {
            var id = $"AAMk{Guid.NewGuid():N}==";
            _drafts[id] = await MimeAsync(request);
            Requests.Enqueue("POST messages");
            return Results.Json(new { id }, statusCode: 201);
        });
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/attachments", () => Results.StatusCode(201));
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/attachments/createUploadSession", () => Results.Json(new { uploadUrl = UploadAddress ?? $"{entra.Address}/upload" }, statusCode: 201));
        app.MapPut("/upload", async (HttpRequest request) =>
        {
            Assert.Equal(0, request.Headers.Authorization.Count);
            using MemoryStream bytes = new();
            await request.Body.CopyToAsync(bytes);
            Uploaded += bytes.Length;
            return Results.Ok();
        });
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/send", async (string address, string id, HttpRequest request) => await TakeAsync(request, async () =>
        {
            Assert.True(_drafts.TryRemove(id, out var mime));
            await KeepAsync(address, mime);
        }));
        app.MapDelete("/graph/v1.0/users/{address}/messages/{id}", (string id, HttpContext context) =>
        {
            if (KeepsDrafts)
            {
                context.Abort();
                return Results.Empty;
            }

            return _drafts.TryRemove(id, out _) ? Results.NoContent() : Results.NotFound();
        });
    }

    private async Task KeepAsync(string address, byte[] mime)
    {
        Sent.Enqueue((address, mime));
        await FileAsync(address, mime);
    }

    private async Task<IResult> TakeAsync(HttpRequest request, Func<Task> take)
    {
        Requests.Enqueue("POST send");
        if (Challenge is { } claims)
        {
            Challenge = null;
            request.HttpContext.Response.Headers.WWWAuthenticate =
                $"Bearer realm=\"\", authorization_uri=\"https://login.example.test\", error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims))}\"";
            return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "Continuous access evaluation resulted in challenge." } }, statusCode: 401);
        }

        if (UserOf(request) is null || Rejections-- > 0)
        {
            return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "no" } }, statusCode: 401);
        }

        if (Refusal is { } refusal)
        {
            if (refusal.RetryAfter is { } seconds)
            {
                request.HttpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return Results.Json(new { error = new { code = refusal.Code, message = "said so by the test" } }, statusCode: refusal.Status);
        }

        await take();
        await Task.Delay(Delay, TimeProvider.System);
        return Results.StatusCode(202);
    }

    private static async Task<byte[]> MimeAsync(HttpRequest request)
    {
        using StreamReader body = new(request.Body);
        return Convert.FromBase64String(await body.ReadToEndAsync());
    }

    public void Map(WebApplication app, EntraServer entra)
    {
        MapSending(app, entra);
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
