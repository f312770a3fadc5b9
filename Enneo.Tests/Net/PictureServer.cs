using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Net;

/// <summary>A stranger's web server on this machine, which does whatever a stranger's may do.</summary>
internal sealed class PictureServer : IAsyncDisposable
{
    /// <summary>A picture of one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly WebApplication _site;

    private PictureServer(WebApplication site) => _site = site;

    /// <summary>Everything that was asked for: path and headers.</summary>
    public ConcurrentQueue<(string Path, Dictionary<string, string> Headers)> Requests { get; } = [];

    public Uri Address => new(_site.Urls.First());

    public static async Task<PictureServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        PictureServer server = new(site);
        site.Run(server.AnswerAsync);
        await site.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue((context.Request.Path + context.Request.QueryString, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
        var response = context.Response;
        response.Cookies.Append("seen", "1");
        switch (context.Request.Path.Value)
        {
            case "/away":
                response.Redirect(context.Request.Query["to"]!);
                break;
            case "/round":
                response.Redirect("/round");
                break;
            case "/short.png":
                (response.ContentType, response.ContentLength) = ("image/png", Png.Length + 1);
                await response.Body.WriteAsync(Png);
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case "/drawing.svg":
                response.ContentType = "image/svg+xml";
                await response.WriteAsync("<svg xmlns='http://www.w3.org/2000/svg'/>");
                break;
            case "/page.png":
                response.ContentType = "image/png";
                await response.WriteAsync("<script>alert(1)</script>");
                break;
            case "/picture.html":
                response.ContentType = "text/html";
                await response.Body.WriteAsync(Png);
                break;
            case "/bomb.png":
                response.ContentType = "image/png";
                response.Headers.ContentEncoding = "gzip";
                await using (GZipStream packed = new(response.Body, CompressionLevel.Fastest))
                {
                    await packed.WriteAsync(new byte[4_000_000]);
                }

                break;
            case "/slow.png":
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                break;
            default:
                response.ContentType = "image/png";
                await response.Body.WriteAsync(Png);
                break;
        }
    }
}
