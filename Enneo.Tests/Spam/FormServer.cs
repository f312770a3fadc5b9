using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Spam;

/// <summary>The web server of who sends newsletters.</summary>
internal sealed class FormServer : IAsyncDisposable
{
    private readonly WebApplication _site;

    private FormServer(WebApplication site) => _site = site;

    /// <summary>Everything that was sent to it.</summary>
    public ConcurrentQueue<(string Request, string Body, IReadOnlyList<string> Headers)> Requests { get; } = [];

    public Uri Address => new(_site.Urls.First());

    public static async Task<FormServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var site = builder.Build();
        FormServer server = new(site);
        site.Run(server.AnswerAsync);
        await site.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        Requests.Enqueue(($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}", await reader.ReadToEndAsync(context.RequestAborted), [.. context.Request.Headers.Keys]));
        switch (context.Request.Path.Value)
        {
            case "/away":
                context.Response.Redirect("/elsewhere");
                break;
            case "/refuse":
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                break;
        }
    }
}
