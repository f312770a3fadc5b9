using System.Net;
using System.Text;
using System.Text.Json;

namespace Enneo.Tests.Servers;

/// <summary>A server on loopback that speaks as much of the OpenAI API as a chat needs, and says what it is told to say.</summary>
public sealed class ModelServer : IAsyncLifetime
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<JsonElement> _asked = [];
    private readonly List<string?> _keys = [];
    private Task _serving = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    public string Endpoint => $"http://127.0.0.1:{Port}/v1";

    /// <summary>What the model says, by what it was asked.</summary>
    public Func<string, string> Says { get; set; } = _ => "{}";

    /// <summary>Another status than 200, with these words.</summary>
    public (int Status, string Body)? Refuses { get; set; }

    /// <summary>Waited before each answer.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Waited for before each answer.</summary>
    public Task Held { get; set; } = Task.CompletedTask;

    /// <summary>Everything it was asked, in order: whole request bodies.</summary>
    public IReadOnlyList<JsonElement> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    /// <summary>The Authorization of each request.</summary>
    public IReadOnlyList<string?> Keys
    {
        get
        {
            lock (_lock)
            {
                return [.. _keys];
            }
        }
    }

    public ValueTask InitializeAsync()
    {
        _listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _listener.Start();
        _serving = ServeAsync();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    /// <summary>What stood in the messages of a role.</summary>
    public static string Text(JsonElement asked, string role) => string.Join('\n', asked.GetProperty("messages").EnumerateArray()
        .Where(message => message.GetProperty("role").GetString() == role)
        .Select(message => message.GetProperty("content") is { ValueKind: JsonValueKind.String } text ? text.GetString() : string.Join('\n', message.GetProperty("content").EnumerateArray().Select(part => part.GetProperty("text").GetString()))));

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                await AnswerAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or OperationCanceledException or IOException)
            {
                // The other side has gone, or the test is over.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var asked = (await JsonDocument.ParseAsync(context.Request.InputStream, default, _stop.Token)).RootElement;
        lock (_lock)
        {
            _asked.Add(asked);
            _keys.Add(context.Request.Headers["Authorization"]);
        }

        await Held.WaitAsync(_stop.Token);
        await Task.Delay(Delay, _stop.Token);
        var (status, body) = Refuses ?? (200, Completion(Says(Text(asked, "user"))));
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body), _stop.Token);
        context.Response.Close();
    }

    private static string Completion(string content) => JsonSerializer.Serialize(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1,
        model = "scripted",
        choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = "stop" } },
        usage = new { prompt_tokens = 100, completion_tokens = 20, total_tokens = 120 },
    });
}
