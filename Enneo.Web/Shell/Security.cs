using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Net.Http.Headers;

namespace Enneo.Web.Shell;

/// <summary>What holds for every answer, found or not, and every request, whoever sends it.</summary>
internal static class Security
{
    private const string NonceItem = "Enneo.Nonce";

    /// <summary>As proxies write them, and as they are called once they have been read.</summary>
    private static readonly string[] s_proxyHeaders =
        ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Original-For", "X-Original-Proto", "X-Real-IP", "Forwarded", "Via"];

    public static void UseSecurity(this WebApplication app, PublicAddress publicAddress)
    {
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            context.Items[NonceItem] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
            context.Response.OnStarting(static state =>
            {
                AddHeaders((HttpContext)state);
                return Task.CompletedTask;
            }, context);

            if (HttpMethods.IsTrace(context.Request.Method))
            {
                context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return Task.CompletedTask;
            }

            if (!RequestOrigin.IsOurs(context.Request, publicAddress.Set))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            }

            return next(context);
        });
    }

    /// <summary>Forms need the token of our own page, or end here.</summary>
    public static void UseFormTokens(this WebApplication app)
    {
        app.UseAntiforgery();
        app.Use((context, next) =>
        {
            if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
            {
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                return Task.CompletedTask;
            }

            return next(context);
        });
    }

    /// <summary>The nonce of the one inline script, the import map.</summary>
    public static string Nonce(HttpContext context) => (string)context.Items[NonceItem]!;

    /// <summary>
    /// Whether the request comes from this machine itself, rather than through a proxy on it. One that
    /// adds no header at all, as nginx does untaught, still gives itself away by speaking HTTP/1.0.
    /// </summary>
    public static bool IsLocal(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address
        && IPAddress.IsLoopback(address)
        && IsLocalName(context.Request.Host.Host)
        && !HttpProtocol.IsHttp10(context.Request.Protocol)
        && !s_proxyHeaders.Any(context.Request.Headers.ContainsKey);

    /// <summary>Everything but styles and scripts, and the two addresses that machines watch.</summary>
    public static bool IsGuarded(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        && context.Request.Path is { Value: not (Urls.Health or Urls.Ready) };

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static void AddHeaders(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.TryAdd("Referrer-Policy", "same-origin");
        if (headers.ContentSecurityPolicy.Count == 0) // mail bodies and attachments bring a stricter one
        {
            headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<ContentPolicy>()?.Value ?? PolicyFor(Nonce(context));
        }

        if (context.Request.IsHttps && !IsLocalName(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        }

        // Only static files say how long they keep; whatever shows mail or people is not kept at all.
        if (!headers.ContainsKey(HeaderNames.CacheControl) || IsHtml(context.Response))
        {
            headers.CacheControl = "no-store";
        }
    }

    private static bool IsHtml(HttpResponse response) =>
        response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) is true;

    /// <summary>
    /// MudBlazor writes style elements and attributes, hence 'unsafe-inline' for styles and nothing else. No page stands in a frame;
    /// what ours show in one (mails, previews) says so itself.
    /// </summary>
    private static string PolicyFor(string nonce) =>
        $"default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
}
