using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Connected;

/// <summary>
/// A third ticket system with the API of Zammad and bad manners: it tells of every change twice and in disorder, also of those
/// that were made through its API, asks to wait, merges tickets, and mails each public comment of an agent to the customer.
/// </summary>
internal sealed partial class ScriptedDesk : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _tickets = [];
    private readonly List<JsonObject> _articles = [];
    private readonly Dictionary<long, SortedSet<string>> _tags = [];
    private readonly Dictionary<long, long> _merged = [];
    private readonly ConcurrentQueue<long> _news = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random = new(7);
    private readonly HttpClient _http = new();
    private WebApplication? _site;
    private Task _telling = Task.CompletedTask;
    private int _calls;

    public int Port { get; } = FreePort.Next();

    /// <summary>What it mailed to customers, by text.</summary>
    public ConcurrentQueue<string> Mailed { get; } = [];

    /// <summary>Where it tells, and by which token.</summary>
    public (string Address, string Token)? Hook { get; set; }

    public bool MailsPublicComments { get; set; } = true;
    public bool RefusesMerging { get; set; }

    /// <summary>After so many calls it asks to wait.</summary>
    public int AsksToWaitEvery { get; init; } = 25;

    /// <summary>A ticket was opened through its API, or an article written, and that is not answered yet.</summary>
    public Action<HttpContext>? Answering { get; set; }

    /// <summary>With which status it answers an article that is to be written, without doing so; null to write it.</summary>
    public Func<JsonObject, int?>? Refuses { get; set; }

    /// <summary>Of an article that was written it says more than anybody reads.</summary>
    public bool SaysTooMuch { get; set; }

    /// <summary>With which status it fails at an address, which it does not look into; null to answer.</summary>
    public Func<string, int?>? Fails { get; set; }

    /// <summary>A ticket that it shows as its API would not.</summary>
    public long Odd { get; set; }

    public int AskedToWait { get; private set; }
    public int Failed { get; private set; }
    public bool IsQuiet => _news.IsEmpty;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));
        _site = builder.Build();
        _site.Run(AnswerAsync);
        await _site.StartAsync();
        _telling = TellAsync();
    }

    /// <summary>A customer asks by its web form.</summary>
    /// <param name="customer">Null for one of its own.</param>
    public long Open(string title, string text, string? customer = null) => Do(() => Add(title, customer ?? $"{title.ToLowerInvariant().Replace(' ', '.')}@customer.example", new JsonObject { ["body"] = text, ["sender"] = "Customer", ["type"] = "web", ["internal"] = false }));

    /// <param name="isInternal">Null where it says nothing of that.</param>
    public void Write(long ticket, string text, bool? isInternal, string sender = "Agent") => Do(() =>
    {
        JsonObject article = new() { ["body"] = text, ["sender"] = sender, ["type"] = "note" };
        if (isInternal is { } hidden)
        {
            article["internal"] = hidden;
        }

        return AddArticle(ticket, article);
    });

    /// <summary>What was gone is there again.</summary>
    public bool FindsFiles { get; set; }

    /// <summary>Puts files to the newest article: "gone" cannot be had, "huge" is too large, any other has two bytes.</summary>
    public void Attach(long ticket, params IEnumerable<string> names) => Do(() =>
    {
        _articles[^1]["attachments"] = new JsonArray([.. names.Select(name => new JsonObject { ["id"] = name, ["filename"] = $"{name}.bin" })]);
        return ticket;
    });

    /// <summary>What it had been given is written only now.</summary>
    public void WriteLate(JsonObject article)
    {
        lock (_lock)
        {
            Written(article);
        }
    }

    public void Change(long ticket, string field, string value) => Do(() =>
    {
        Find(ticket)[field] = value;
        return ticket;
    });

    public void Tag(long ticket, string tag) => Do(() =>
    {
        _tags[ticket].Add(tag);
        return ticket;
    });

    public void Merge(long from, long into) => Do(() =>
    {
        foreach (var article in _articles.Where(article => article["ticket_id"]!.GetValue<long>() == from))
        {
            article["ticket_id"] = into;
        }

        Find(from)["state"] = "merged";
        _merged[from] = into;
        return into;
    });

    /// <summary>Those that are left.</summary>
    public IReadOnlyList<(long Id, string Title, string State, string Priority, string Tags, IReadOnlyList<(string Text, bool IsPublic)> Articles)> Tickets()
    {
        lock (_lock)
        {
            return [.. _tickets.Where(ticket => !_merged.ContainsKey(IdOf(ticket))).Select(ticket => (
                IdOf(ticket), Text(ticket, "title"), Text(ticket, "state"), Text(ticket, "priority"), string.Join(',', _tags[IdOf(ticket)]),
                (IReadOnlyList<(string, bool)>)[.. _articles.Where(article => article["ticket_id"]!.GetValue<long>() == IdOf(ticket))
                    .Select(article => (Text(article, "body"), article["internal"]?.GetValue<bool>() is false))]))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _telling;
        if (_site is { } site)
        {
            await site.DisposeAsync();
        }

        _http.Dispose();
        _stop.Dispose();
    }

    private long Do(Func<long> change)
    {
        lock (_lock)
        {
            var ticket = change();
            _news.Enqueue(ticket);
            _news.Enqueue(ticket);
            return ticket;
        }
    }

    private long Add(string title, string customer, JsonObject article)
    {
        long id = _tickets.Count + 1;
        _tickets.Add(new JsonObject { ["id"] = id, ["number"] = string.Create(CultureInfo.InvariantCulture, $"{47000 + id}"), ["title"] = title, ["state"] = "new", ["priority"] = "2 normal", ["owner"] = "-", ["customer"] = customer, ["group"] = "Users", ["created_at"] = Now() });
        _tags[id] = [];
        article["from"] ??= customer;
        return AddArticle(id, article);
    }

    private long AddArticle(long ticket, JsonObject article)
    {
        article["id"] = _articles.Count + 1000;
        article["ticket_id"] = ticket;
        article["created_at"] = Now();
        article["content_type"] ??= "text/plain";
        article["from"] ??= "agent@zammad.example";
        _articles.Add(article);
        if (Text(article, "sender") is "Agent" && (Text(article, "type") is "email" || (MailsPublicComments && article["internal"]?.GetValue<bool>() is false)))
        {
            Mailed.Enqueue(Text(article, "body"));
        }

        return ticket;
    }

    /// <summary>In disorder.</summary>
    private async Task TellAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, CancellationToken.None);
            List<long> some = [];
            while (some.Count < 8 && _news.TryPeek(out var ticket))
            {
                some.Add(ticket);
                _news.TryDequeue(out _);
            }

            foreach (var ticket in some.OrderBy(_ => _random.Next()))
            {
                if (Hook is var (address, token))
                {
                    using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new StringContent($$$"""{"ticket":{"id":{{{ticket}}}}}""", Encoding.UTF8, "application/json") };
                    request.Headers.Add("Authorization", $"Bearer {token}");
                    using var answer = await _http.SendAsync(request, CancellationToken.None);
                }
            }
        }
    }

    private JsonObject Find(long id) => _tickets[(int)id - 1];

    private static long IdOf(JsonObject ticket) => ticket["id"]!.GetValue<long>();

    private static string Text(JsonObject json, string field) => json[field]?.GetValueKind() is JsonValueKind.String ? json[field]!.GetValue<string>() : "";
}
