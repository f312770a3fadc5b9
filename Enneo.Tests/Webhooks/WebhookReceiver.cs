using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Webhooks;

/// <summary>Something that came in.</summary>
internal sealed record Told(string Id, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json { get; } = JsonDocument.Parse(Body).RootElement;

    public string Event => Json.GetProperty("event").GetString()!;

    public long Sequence => Json.GetProperty("sequence").GetInt64();

    public long? Ticket => Json.GetProperty("ticketId") is { ValueKind: JsonValueKind.Number } id ? id.GetInt64() : null;

    /// <summary>As docs/webhooks.md tells receivers to check it, written down apart from the code that signs.</summary>
    public bool IsSignedBy(string secret)
    {
        var signed = Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.{Body}");
        var expected = "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
        return Headers["webhook-signature"].Split(' ').Contains(expected);
    }
}

/// <summary>Another system's web server on this machine, which takes what it is told, or fails in whatever way a test wants.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly int _port;
    private WebApplication? _site;

    private WebhookReceiver(int port) => _port = port;

    /// <summary>All that came, also what was not taken.</summary>
    public ConcurrentQueue<Told> Received { get; } = [];

    /// <summary>What was answered by 200.</summary>
    public ConcurrentQueue<Told> Taken { get; } = [];

    /// <summary>Null takes it.</summary>
    public Func<Told, HttpContext, Task<bool>>? Answer { get; set; }

    public int Strays;

    /// <summary>It speaks TLS by this from when it is opened next; null for plain http.</summary>
    public TestCertificate? Certificate { get; set; }

    public string Url => string.Create(CultureInfo.InvariantCulture, $"{(Certificate is null ? "http" : "https")}://127.0.0.1:{_port}/told");

    public static async Task<WebhookReceiver> StartAsync(TestCertificate? certificate = null)
    {
        WebhookReceiver receiver = new(FreePort.Next()) { Certificate = certificate };
        await receiver.OpenAsync();
        return receiver;
    }

    public async Task OpenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listening =>
        {
            if (Certificate is { } shown)
            {
                listening.UseHttps(shown.Certificate);
            }
        }));
        _site = builder.Build();
        _site.Run(TakeAsync);
        await _site.StartAsync();
    }

    /// <summary>Nothing answers there any more.</summary>
    public async Task CloseAsync()
    {
        if (_site is { } site)
        {
            _site = null;
            await site.DisposeAsync();
        }
    }

    /// <summary>Answers everything by a status.</summary>
    public void Fail(int status, params (string Name, string Value)[] headers) => Answer = (_, context) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.FromResult(false);
    };

    public ValueTask DisposeAsync() => new(CloseAsync());

    private async Task TakeAsync(HttpContext context)
    {
        if (context.Request.Path != "/told")
        {
            Interlocked.Increment(ref Strays);
            return;
        }

        using StreamReader reader = new(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        Told told = new(context.Request.Headers["webhook-id"].ToString(), body, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        Received.Enqueue(told);
        if (Answer is { } answer)
        {
            if (!await answer(told, context))
            {
                return;
            }
        }

        Taken.Enqueue(told);
    }
}
