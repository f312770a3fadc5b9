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
internal sealed class ScriptedDesk : IAsyncDisposable
{
    private const int AskToWaitEvery = 25;

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

    /// <summary>A ticket was opened through its API, and that is not answered yet.</summary>
    public Action<HttpContext>? Opened { get; set; }

    public int AskedToWait { get; private set; }
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

    private async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _calls) % AskToWaitEvery == 0)
        {
            AskedToWait++;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        var body = context.Request.ContentLength > 0 ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : null;
        JsonNode? answer;
        lock (_lock)
        {
            answer = Answer(context.Request.Method, context.Request.Path.Value![1..].Split('/')[2..], context.Request.Query, body);
        }

        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Value!.EndsWith("/tickets", StringComparison.Ordinal))
        {
            Opened?.Invoke(context);
        }

        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync(answer?.ToJsonString() ?? "");
    }

    private JsonNode? Answer(string method, string[] path, IQueryCollection query, JsonObject? body) => (method, path) switch
    {
        ("GET", ["tickets", "search"]) => Found(query),
        ("GET", ["tickets", var id]) => Find(long.Parse(id, CultureInfo.InvariantCulture)).DeepClone(),
        ("GET", ["ticket_articles", "by_ticket", var id]) => new JsonArray([.. _articles.Where(article => article["ticket_id"]!.GetValue<long>() == long.Parse(id, CultureInfo.InvariantCulture)).Select(article => article.DeepClone())]),
        ("GET", ["ticket_articles", var id]) => _articles.FirstOrDefault(article => article["id"]!.ToJsonString() == id)?.DeepClone(),
        ("GET", ["tags"]) => new JsonObject { ["tags"] = new JsonArray([.. _tags[long.Parse(query["o_id"]!, CultureInfo.InvariantCulture)].Select(tag => (JsonNode)tag)]) },
        ("GET", ["links"]) => new JsonObject
        {
            ["links"] = new JsonArray(_merged.TryGetValue(long.Parse(query["link_object_value"]!, CultureInfo.InvariantCulture), out var into) ? [new JsonObject { ["link_type"] = "parent", ["link_object_value"] = into }] : []),
        },
        ("PUT", ["ticket_merge", var from, var number]) => Merged(long.Parse(from, CultureInfo.InvariantCulture), number),
        ("POST", ["tickets"]) => Created(body!),
        ("POST", ["ticket_articles"]) => Written(body!),
        ("PUT", ["tickets", var id]) => Changed(long.Parse(id, CultureInfo.InvariantCulture), body!),
        (_, ["tags", var verb]) => Tagged(verb, body!),
        _ => null,
    };

    /// <summary>By its customer, the newest first, a page at a time.</summary>
    private JsonArray Found(IQueryCollection query)
    {
        var (page, size) = (int.Parse(query["page"]!, CultureInfo.InvariantCulture), int.Parse(query["per_page"]!, CultureInfo.InvariantCulture));
        Assert.Equal("created_at desc true", $"{query["sort_by"]} {query["order_by"]} {query["expand"]}");
        return [.. _tickets.AsEnumerable().Reverse().Where(ticket => Text(ticket, "customer") == query["query"]).Skip((page - 1) * size).Take(size).Select(ticket => ticket.DeepClone())];
    }

    private static string Now() => TimeProvider.System.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private JsonObject Created(JsonObject body)
    {
        var id = Do(() => Add(Text(body, "title"), Text(body, "customer_id").Replace("guess:", "", StringComparison.Ordinal), body["article"]!.DeepClone().AsObject()));
        Find(id)["group"] = body["group"]?.DeepClone();
        return new JsonObject { ["id"] = id, ["article_ids"] = new JsonArray(_articles[^1]["id"]!.DeepClone()) };
    }

    private JsonNode Written(JsonObject body)
    {
        Do(() => AddArticle(body["ticket_id"]!.GetValue<long>(), body.DeepClone().AsObject()));
        return _articles[^1].DeepClone();
    }

    private JsonNode Changed(long id, JsonObject body)
    {
        Do(() =>
        {
            foreach (var (field, value) in body)
            {
                Find(id)[field] = value?.DeepClone();
            }

            return id;
        });
        return Find(id).DeepClone();
    }

    /// <summary>The one that is left goes by its number; what cannot be done is said in an answer of 200.</summary>
    private JsonObject Merged(long from, string number)
    {
        if (RefusesMerging)
        {
            return new JsonObject { ["result"] = "failed", ["message"] = "The target ticket number could not be found." };
        }

        Merge(from, IdOf(_tickets.Single(ticket => Text(ticket, "number") == number)));
        AddArticle(from, new JsonObject { ["body"] = "merged", ["sender"] = "Agent", ["type"] = "note", ["internal"] = true });
        return new JsonObject { ["result"] = "success" };
    }

    private JsonObject Tagged(string verb, JsonObject body)
    {
        var id = body["o_id"]!.GetValue<long>();
        Do(() =>
        {
            _ = verb == "add" ? _tags[id].Add(Text(body, "item")) : _tags[id].Remove(Text(body, "item"));
            return id;
        });
        return [];
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
