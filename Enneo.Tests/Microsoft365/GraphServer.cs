using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>As much of Microsoft Graph as a mailbox needs: who somebody is, sending, drafts and uploads.</summary>
internal sealed class GraphServer
{
    /// <summary>What was asked, method and path.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What was sent, by whom: MIME.</summary>
    public ConcurrentQueue<(string Address, byte[] Mime)> Sent { get; } = new();

    /// <summary>What lies in mailboxes that are read by Graph.</summary>
    public GraphMailServer Mail { get; } = new();

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

    /// <summary>Nobody is told which groups they are in.</summary>
    public bool HidesGroups { get; set; }

    private readonly ConcurrentDictionary<string, (string Address, byte[] Mime)> _drafts = new();

    /// <summary>Of tokens that are taken.</summary>
    private string Audience { get; set; } = "";

    private void MapSending(WebApplication app, EntraServer entra)
    {
        app.MapPost("/graph/v1.0/users/{address}/sendMail", async (string address, HttpRequest request) => await TakeAsync(request, address, async () => await KeepAsync(address, await MimeAsync(request))));
        app.MapPost("/graph/v1.0/users/{address}/messages", async (string address, HttpRequest request) =>
        {
            if (!MayWrite(request, address))
            {
                return Denied();
            }

            var id = $"AAMk{Guid.NewGuid():N}==";
            _drafts[id] = (address, await MimeAsync(request));
            Requests.Enqueue("POST messages");
            return Results.Json(new { id }, statusCode: 201);
        });
        app.MapGet("/graph/v1.0/users/{address}/mailFolders/drafts/messages", (string address, HttpRequest request) => !MayWrite(request, address) ? Denied() : Results.Json(new
        {
            value = _drafts.Where(draft => draft.Value.Address == address && request.Query["$filter"] == $"internetMessageId eq '<{MimeMessage.Load(new MemoryStream(draft.Value.Mime)).MessageId}>'").Select(draft => new { id = draft.Key }).ToList(),
        }));
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/attachments", (string address, HttpRequest request) => MayWrite(request, address) ? Results.StatusCode(201) : Denied());
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/attachments/createUploadSession", (string address, HttpRequest request) => !MayWrite(request, address) ? Denied() : Results.Json(new { uploadUrl = UploadAddress ?? $"{entra.Address}/upload" }, statusCode: 201));
        app.MapPut("/upload", async (HttpRequest request) =>
        {
            Assert.Equal(0, request.Headers.Authorization.Count);
            using MemoryStream bytes = new();
            await request.Body.CopyToAsync(bytes);
            Uploaded += bytes.Length;
            return Results.Ok();
        });
        app.MapPost("/graph/v1.0/users/{address}/messages/{id}/send", async (string address, string id, HttpRequest request) => await TakeAsync(request, address, async () =>
        {
            Assert.True(_drafts.TryRemove(id, out var draft));
            await KeepAsync(address, draft.Mime);
        }));
        app.MapDelete("/graph/v1.0/users/{address}/messages/{id}", async (string address, string id, HttpContext context) =>
        {
            if (!MayWrite(context.Request, address))
            {
                return Denied();
            }

            if (KeepsDrafts)
            {
                context.Abort();
                return Results.Empty;
            }

            return _drafts.TryRemove(id, out _) ? Results.NoContent() : await Mail.DeleteAsync(context.Request, address, id);
        });
    }

    private async Task KeepAsync(string address, byte[] mime)
    {
        Sent.Enqueue((address, mime));
        await FileAsync(address, mime);
    }

    private bool MayWrite(HttpRequest request, string address) => GraphToken.Of(request, Audience)?.May("Mail.ReadWrite", address) is true;

    private static IResult Denied() => Results.Json(new { error = new { code = "ErrorAccessDenied", message = "Access is denied. Check credentials and try again." } }, statusCode: 403);

    private async Task<IResult> TakeAsync(HttpRequest request, string address, Func<Task> take)
    {
        Requests.Enqueue("POST send");
        if (Challenge is { } claims)
        {
            Challenge = null;
            request.HttpContext.Response.Headers.WWWAuthenticate =
                $"Bearer realm=\"\", authorization_uri=\"https://login.example.test\", error=\"insufficient_claims\", claims=\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(claims))}\"";
            return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "Continuous access evaluation resulted in challenge." } }, statusCode: 401);
        }

        if (GraphToken.Of(request, Audience) is not { } token || Rejections-- > 0)
        {
            return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "no" } }, statusCode: 401);
        }

        if (!token.May("Mail.Send", address))
        {
            return Denied();
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
        Audience = $"{entra.Address}/graph";
        MapSending(app, entra);
        Mail.Map(app, Audience);
        app.MapPost("/graph/v1.0/me/checkMemberGroups", async (HttpRequest request) =>
        {
            if (GraphToken.Of(request, Audience) is not { } token || HidesGroups)
            {
                return Denied();
            }

            using var asked = await System.Text.Json.JsonDocument.ParseAsync(request.Body);
            var groups = entra.Person(token.User).Groups;
            return Results.Json(new { value = asked.RootElement.GetProperty("groupIds").EnumerateArray().Select(id => id.GetString()).Where(id => groups.Contains(id)).ToList() });
        });
        app.MapGet("/graph/v1.0/me", (HttpRequest request) =>
        {
            Requests.Enqueue("GET me");
            if (GraphToken.Of(request, Audience) is not { } token)
            {
                return Results.Json(new { error = new { code = "InvalidAuthenticationToken", message = "Access token is missing or of another audience." } }, statusCode: 401);
            }

            if (!token.Has("User.Read"))
            {
                return Denied();
            }

            var person = entra.Person(token.User);
            return Results.Json(new
            {
                id = person.GraphId,
                mail = person.MailAddress,
                userPrincipalName = person.Address,
                proxyAddresses = person.Aliases.Select(alias => $"smtp:{alias}"),
            });
        });
    }
}
