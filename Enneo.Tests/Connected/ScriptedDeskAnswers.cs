using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Enneo.Tests.Connected;

/// <summary>Its API.</summary>
internal sealed partial class ScriptedDesk
{
    private async Task AnswerAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _calls) % AsksToWaitEvery == 0)
        {
            AskedToWait++;
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "1";
            return;
        }

        var body = context.Request.ContentLength > 0 ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : null;
        var path = context.Request.Path.Value![1..].Split('/')[2..];
        if (Fails?.Invoke(string.Join('/', path)) is { } failure)
        {
            Failed++;
            context.Response.StatusCode = failure;
            return;
        }

        var isArticle = path is ["ticket_articles"] && HttpMethods.IsPost(context.Request.Method);
        if (isArticle && Refuses?.Invoke(body!) is { } status)
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync("Not with us.");
            return;
        }

        if (path is ["ticket_attachment", .., "huge"])
        {
            await BeginHugeAsync(context);
            return;
        }

        JsonNode? answer;
        lock (_lock)
        {
            answer = Answer(context.Request.Method, path, context.Request.Query, body);
        }

        if (isArticle || (path is ["tickets"] && HttpMethods.IsPost(context.Request.Method)))
        {
            Answering?.Invoke(context);
        }

        if (isArticle && SaysTooMuch)
        {
            await BeginHugeAsync(context);
            return;
        }

        context.Response.StatusCode = answer is null ? 404 : 200;
        await context.Response.WriteAsync(answer?.ToJsonString() ?? "");
    }

    /// <summary>Says how long it is, which is enough to be refused.</summary>
    private static async Task BeginHugeAsync(HttpContext context)
    {
        context.Response.ContentLength = 31_000_000;
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        using SemaphoreSlim never = new(0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.WaitAsync(context.RequestAborted));
    }

    private JsonNode? Answer(string method, string[] path, IQueryCollection query, JsonObject? body) => (method, path) switch
    {
        ("GET", ["tickets", "search"]) => Found(query),
        ("GET", ["tickets", var id]) when long.Parse(id, CultureInfo.InvariantCulture) == Odd => JsonValue.Create("Come back later"),
        ("GET", ["ticket_attachment", .., var file]) => file is "gone" && !FindsFiles ? null : new JsonObject(),
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
}
