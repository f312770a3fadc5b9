using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Web.Api;
using Microsoft.AspNetCore.Routing;

namespace Enneo.Tests.Api;

/// <summary>Every endpoint of the API, found in the running program, asked by everybody who should get nothing, and by those who should.</summary>
[Collection(HostileApiCollection.Name)]
public sealed partial class ApiAccessTests(ApiHouse house)
{
    private const string Root = "/api/mind/";

    /// <summary>What describes the API tells nobody's mail; hooks ask for secrets of their own.</summary>
    private static readonly string[] s_open = ["docs", "hook/", "{**rest}"];

    /// <summary>What each endpoint is sent where it is to succeed; nothing for those that take no body.</summary>
    private static readonly Dictionary<string, Func<ApiHouse, object>> s_bodies = new()
    {
        ["POST ticket/search"] = _ => new { },
        ["POST ticket/"] = house => new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "New", body = "Hello" },
        ["PATCH ticket/{id:long}"] = _ => new { status = "pending" },
        ["PATCH ticket/"] = _ => new[] { new { id = 1, status = "pending" } },
        ["POST ticket/getLatest"] = _ => new { },
        ["PATCH ticket/{id:long}/conversation/{cid:long}"] = _ => new { content = new { message = "Changed" } },
        ["POST ticket/{id:long}/reprocess"] = _ => new { },
        ["POST ticket/{id:long}/conversation/{cid:long}/split"] = _ => new { },
        ["POST ticket/{id:long}/conversation/{cid:long}/move"] = _ => new { ticketId = 1 },
        ["POST ticket/{id:long}/merge"] = _ => new { ticketIds = Array.Empty<long>() },
        ["POST ticket/{id:long}/conversation/reply"] = _ => new { content = new { message = "Thank you" } },
        ["POST ticket/{id:long}/conversation/store"] = _ => new { content = new { message = "By phone" } },
        ["POST ticket/{id:long}/forward"] = _ => new { toEmail = "carrier@example.net", body = "See below" },
        ["POST tag/"] = _ => new { name = $"Tag {Guid.NewGuid():N}" },
        ["PUT tag/{id:long}"] = _ => new { name = $"Tag {Guid.NewGuid():N}" },
        ["POST webhook/"] = house => new { url = "https://crm.example/enneo" },
        ["PUT webhook/{id:long}"] = house => new { url = "https://crm.example/enneo", mailboxIds = new[] { house.Support } },
        ["POST webhook/{id:long}/delivery/{did:long}/replay"] = _ => new { },
        ["POST webhook/{id:long}/replay"] = _ => new { since = 0 },
        ["POST webhook/{id:long}/test"] = _ => new { },
        ["POST settings/subchannel/"] = _ => new { name = "New", data = new { method = "api", address = $"{Guid.NewGuid():N}@example.test" } },
        ["PUT settings/subchannel/{id:long}"] = _ => new { name = "Changed", data = new { method = "api", address = $"{Guid.NewGuid():N}@example.test" } },
        ["POST settings/subchannel/{id:long}/helpdesk"] = _ => new { name = "Other", mails = new[] { new { messageId = "a@example.com", ticket = "1" } } },
        ["POST settings/subchannel/{id:long}/test"] = _ => new { },
    };

    private static IEnumerable<(string Method, string Path, ApiScopes? Scope)> Endpoints(ApiHouse house) =>
        from endpoint in house.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/')
        where route.StartsWith(Root, StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, route[Root.Length..], endpoint.Metadata.GetMetadata<NeededScope>()?.Scope);

    private IEnumerable<(string Method, string Path, ApiScopes? Scope)> Guarded => Endpoints(house).Where(endpoint => !s_open.Any(open => endpoint.Path.StartsWith(open, StringComparison.Ordinal)));

    [Fact]
    public void EveryEndpointSaysWhichScopeItNeeds()
    {
        Assert.True(Guarded.Count() > 20);
        Assert.DoesNotContain(Guarded, endpoint => endpoint.Scope is null);
    }

    [Fact]
    public void EveryEndpointThatChangesHasACase() =>
        Assert.DoesNotContain(Guarded, endpoint => endpoint.Method is "POST" or "PUT" or "PATCH" && !s_bodies.ContainsKey($"{endpoint.Method} {endpoint.Path}"));

    [Fact]
    public async Task WithoutAKeyNobodyGetsIn()
    {
        var nobody = house.ClientOf(null);
        foreach (var (method, path, _) in Guarded)
        {
            (await AskAsync(nobody, method, path, Ids.None)).Problem(401);
        }
    }

    [Fact]
    [Trait("Check", "AK02")]
    public async Task WithoutTheScopeNobodyGetsIn()
    {
        foreach (var missing in new[] { ApiScopes.Read, ApiScopes.Write, ApiScopes.Send, ApiScopes.Admin })
        {
            var client = await house.ServiceAsync((ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin) & ~missing);
            foreach (var (method, path, _) in Guarded.Where(endpoint => endpoint.Scope == missing))
            {
                (await AskAsync(client, method, path, Ids.None)).Problem(403);
            }
        }
    }

    [Fact]
    public async Task AnAgentMayDoAllButAdminister()
    {
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send);
        foreach (var (method, path, scope) in Guarded)
        {
            var answer = await AskAsync(agent, method, path, await SeedAsync(house.Support, path, agent));

            Assert.True(scope is ApiScopes.Admin ? answer.Status == 403 : answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Text}");
        }
    }

    [Fact]
    public async Task AnAdminMayDoAll()
    {
        var admin = await house.PersonAsync(house.AdminId, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin);
        foreach (var (method, path, _) in Guarded)
        {
            var answer = await AskAsync(admin, method, path, await SeedAsync(null, path, admin));

            Assert.True(answer.Status is >= 200 and < 300, $"{method} {path}: {answer.Status} {answer.Text}");
        }
    }

    /// <summary>What is out of reach is answered as what does not exist, to the letter.</summary>
    [Theory]
    [Trait("Check", "AK02")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatIsInAnotherMailboxDoesNotExist(bool byService)
    {
        var all = ApiScopes.Read | ApiScopes.Write | ApiScopes.Send | ApiScopes.Admin;
        var client = byService ? await house.ServiceAsync(all, house.Sales) : await house.PersonAsync(house.AdminId, all, house.Sales);
        foreach (var (method, path, _) in Guarded.Where(endpoint => endpoint.Path.Contains("{id", StringComparison.Ordinal) && !endpoint.Path.StartsWith("tag/", StringComparison.Ordinal)))
        {
            var withheld = await AskAsync(client, method, path, await SeedAsync(house.Support, path, house.Service));
            var missing = await AskAsync(client, method, path, Ids.None);

            Assert.True(withheld.Status == 404, $"{method} {path}: {withheld.Status} {withheld.Text}");
            Assert.Equal(WithoutTrace(missing), WithoutTrace(withheld));
        }
    }

    [Fact]
    [Trait("Check", "AK02")]
    public async Task AListHoldsNothingOfAnotherMailbox()
    {
        var limited = await house.ServiceAsync(ApiScopes.Read | ApiScopes.Write, house.Sales);
        var withheld = await house.ReceiveAsync("Withheld from sales", house.Support);
        await house.ReceiveAsync("Granted to sales", house.Sales);

        var found = (await limited.PostAsync("ticket/search", new { limit = 500 })).Ok();
        var changed = (await limited.PatchAsync("ticket", new[] { new { id = withheld.TicketId, status = "closed" } })).Ok();

        Assert.Contains("Granted to sales", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Withheld", found.Text, StringComparison.Ordinal);
        Assert.All(found.Json.GetProperty("tickets").EnumerateArray(), ticket => Assert.Equal(house.Sales, ticket.GetProperty("subchannelId").GetInt64()));
        Assert.Equal(404, changed.Json.GetProperty("results")[0].GetProperty("status").GetInt32());
        (await limited.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x" })).Problem(422);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("ticket/one")]
    [InlineData("ticket/99999999999999999999")]
    [InlineData("ticket/-1")]
    public async Task WhatDoesNotExistIsAProblemWhoeverAsks(string path) => (await house.Service.GetAsync(path, ("Accept", "text/html"))).Problem(404);

    /// <summary>What a hostile or broken program may send to any endpoint: refused or taken, but never a fault of ours.</summary>
    [Fact]
    public async Task NothingThatIsSentIsAFault()
    {
        string[] bodies =
        [
            "", "null", "0", "\"text\"", "[]", "{}", "[null]", "{", "{\"a\":", "\u0000", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
            $"{{\"subject\":\"{new string('x', 200_000)}\"}}", $"[{string.Join(',', Enumerable.Repeat("{}", 20_000))}]", "{\"id\":1e400,\"limit\":1e9}",
        ];
        string[] values = ["null", "true", "-1", "1e9", "12345678901234567890", "1.5", "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ud800\"", "[]", "[null]", "[1,\"a\"]", "{}", "{\"a\":[]}", $"\"{new string('y', 5_000)}\""];
        foreach (var (method, path, _) in Guarded.Where(endpoint => endpoint.Method != "GET" && endpoint.Method != "DELETE"))
        {
            var fields = s_bodies.TryGetValue($"{method} {path}", out var body)
                ? JsonSerializer.SerializeToElement(body(house)) is { ValueKind: JsonValueKind.Object } example ? example.EnumerateObject().Select(field => field.Name).ToList() : []
                : [];
            fields.AddRange(["filters", "content", "attachments", "to", "tagIds", "spamStatus", "data", "detectionDetails", "createdAt", "source", "assignee"]);
            foreach (var sent in bodies.Concat(from field in fields.Distinct() from value in values select $"{{\"{field}\":{value}}}"))
            {
                using StringContent json = new(sent, System.Text.Encoding.UTF8, "application/json");
                var answer = await house.Service.AskAsync(new HttpMethod(method), Fill(path, Ids.None), json);
                Assert.True(answer.Status < 500, $"{method} {path} {sent[..Math.Min(sent.Length, 200)]}: {answer.Status} {answer.Text}");
            }
        }
    }

    [Theory]
    [InlineData("ticket/1/history?limit=-5&offset=999999999999")]
    [InlineData("ticket/1/history?limit=abc")]
    [InlineData("ticket/1/conversation?limit=0&offset=-1")]
    [InlineData("ticket/1/conversation/1/attachment/-1")]
    [InlineData("ticket/1/conversation/1/attachment/99999999999")]
    [InlineData("ticket/stats?%00=%ff")]
    [InlineData("tag/9223372036854775807")]
    public async Task NoAddressIsAFault(string path)
    {
        var answer = await house.Service.GetAsync(path);

        Assert.True(answer.Status < 500, $"{answer.Status}: {answer.Text}");
    }

    private async Task<ApiReply> AskAsync(ApiClient client, string method, string path, Ids ids)
    {
        var body = path.EndsWith("/move", StringComparison.Ordinal) ? new { ticketId = ids.Ticket } : s_bodies.TryGetValue($"{method} {path}", out var make) ? make(house) : null;
        return await client.AskAsync(new HttpMethod(method), Fill(path, method is "PATCH" or "DELETE" ? ids with { Message = ids.Note } : ids), body);
    }

    /// <summary>One of everything, made anew for each question: some of them end it.</summary>
    /// <param name="mailboxId">Null for one of its own.</param>
    /// <param name="author">Who has written a note.</param>
    private async Task<Ids> SeedAsync(long? mailboxId, string path, ApiClient author)
    {
        var tag = (await house.Service.PostAsync("tag", new { name = $"Seed {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var mailbox = mailboxId ?? (await house.Service.PostAsync("settings/subchannel", new { name = "Seed", data = new { method = "api", address = $"{Guid.NewGuid():N}@example.test" } }))
            .Ok(201).Json.GetProperty("subchannel").GetProperty("id").GetInt64();
        var webhook = path.StartsWith("webhook", StringComparison.Ordinal)
            ? (await house.Service.PostAsync("webhook", new { url = "https://crm.example/enneo", mailboxIds = new[] { mailbox } })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64()
            : 0;
        var mail = await house.ReceiveAsync(
            $"Seed {Guid.NewGuid():N}", mailbox, type: "multipart/mixed; boundary=b",
            text: "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nA file\r\n--b--");
        var message = (await house.Service.GetAsync($"ticket/{mail.TicketId}/conversation/{mail.MessageId}")).Ok().Json.GetProperty("conversation");
        var note = (await author.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "A note" } })).Ok(201).Json.GetProperty("id").GetInt64();
        if (path.EndsWith("/split", StringComparison.Ordinal))
        {
            (await house.Service.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { direction = "in", content = new { message = "What stays" } })).Ok(201);
        }

        return new Ids(
            mail.TicketId, mail.MessageId, note, message.GetProperty("attachments")[0].GetProperty("id").GetInt32(), tag, mailbox, webhook,
            path.Contains("{did", StringComparison.Ordinal) ? await house.DeliveryAsync(webhook) : 0,
            path.StartsWith("template/{", StringComparison.Ordinal) ? await house.TemplateAsync(mailbox) : 0);
    }

    private static string Fill(string path, Ids ids)
    {
        var id = path.StartsWith("tag/", StringComparison.Ordinal) ? ids.Tag : path.StartsWith("webhook/", StringComparison.Ordinal) ? ids.Webhook : path.StartsWith("settings/", StringComparison.Ordinal) ? ids.Mailbox
            : path.StartsWith("template/", StringComparison.Ordinal) ? ids.Template : ids.Ticket;
        return path.Replace("{id:long}", Number(id), StringComparison.Ordinal).Replace("{cid:long}", Number(ids.Message), StringComparison.Ordinal).Replace("{aid:int}", Number(ids.Attachment), StringComparison.Ordinal)
            .Replace("{did:long}", Number(ids.Delivery), StringComparison.Ordinal);
    }

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    private static string WithoutTrace(ApiReply answer) => Trace().Replace(answer.Text, "");

    [GeneratedRegex("\"traceId\":\"[^\"]*\"")]
    private static partial Regex Trace();

    private sealed record Ids(long Ticket, long Message, long Note, int Attachment, long Tag, long Mailbox, long Webhook, long Delivery, long Template)
    {
        public static readonly Ids None = new(9_999_999, 9_999_999, 9_999_999, 0, 9_999_999, 9_999_999, 9_999_999, 9_999_999, 9_999_999);
    }
}
