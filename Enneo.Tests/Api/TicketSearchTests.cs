using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Integrations.Search;
using Enneo.Core.Search;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary><c>POST /ticket/search</c>: what is found, and what is said where nothing could be.</summary>
[Collection(ApiCollection.Name)]
public sealed class TicketSearchTests(ApiHouse house)
{
    private ApiClient Api => house.Service;

    [Theory]
    [InlineData("subject", "=", "Alpha", "Alpha")]
    [InlineData("t.subject", "=", "Alpha", "Alpha")]
    [InlineData("subject", "!=", "Alpha", "Beta")]
    [InlineData("status", "=", "closed", "Beta")]
    [InlineData("status", "=", "open", "Alpha")]
    [InlineData("status", "!=", "closed", "Alpha")]
    [InlineData("from", "=", "{from}", "Alpha,Beta")]
    [InlineData("q", "=", "subject:alpha", "Alpha")]
    [InlineData("messageCount", ">", "1", "")]
    [InlineData("messageCount", "<=", "1", "Alpha,Beta")]
    [InlineData("createdAt", ">=", "2020-01-01 00:00:00", "Alpha,Beta")]
    [InlineData("createdAt", "<", "2020-01-01T00:00:00Z", "")]
    public async Task AConditionFindsWhatItSays(string key, string comparator, string value, string expected)
    {
        var from = await TwoAsync();

        var found = await SubjectsAsync(from, new { key, comparator, value = value.Replace("{from}", from, StringComparison.Ordinal) });

        Assert.Equal(expected, string.Join(',', found.Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("""{"key":"direction","value":"in"}""", 2)]
    [InlineData("""{"key":"direction","comparator":"not in","values":["in","internal"]}""", 0)]
    [InlineData("""{"key":"fromName","value":"Jonas"}""", 2)]
    [InlineData("""{"key":"fromName","comparator":"!=","value":"Jonas"}""", 0)]
    [InlineData("""{"key":"languageCode","comparator":"in","values":["de","en",null]}""", 2)]
    [InlineData("""{"key":"language","comparator":"!=","value":"Finnish"}""", 2)]
    [InlineData("""{"key":"sentiment","value":null}""", 2)]
    [InlineData("""{"key":"sentiment","comparator":"in","values":["negative","neutral"]}""", 0)]
    [InlineData("""{"key":"isCustomerActive","value":true}""", 2)]
    [InlineData("""{"key":"interface","value":"api"}""", 2)]
    [InlineData("""{"key":"channel","value":"email"}""", 2)]
    [InlineData("""{"key":"channel","comparator":"in","values":["phone","walkIn"]}""", 0)]
    [InlineData("""{"key":"folder","comparator":"in","values":["inbox","junk"]}""", 2)]
    [InlineData("""{"key":"priority","comparator":">=","value":"medium"}""", 2)]
    [InlineData("""{"key":"priority","comparator":"between","from":"high","to":"urgent"}""", 0)]
    [InlineData("""{"key":"autoExecuteAt","value":null}""", 2)]
    [InlineData("""{"key":"closedAt","value":null}""", 1)]
    [InlineData("""{"key":"closedAt","comparator":">","value":"2020-01-01 00:00:00"}""", 1)]
    [InlineData("""{"key":"modifiedAt","comparator":">","value":"2020-01-01 00:00:00"}""", 2)]
    [InlineData("""{"key":"summary","value":"No such words"}""", 0)]
    [InlineData("""{"key":"aiSupportLevel","value":"automated"}""", 0)]
    public async Task EveryFieldThatIsNoListCanBeAskedFor(string condition, int expected)
    {
        var from = await TwoAsync();

        Assert.Equal(expected, (await SubjectsAsync(from, System.Text.Json.JsonElement.Parse(condition))).Count);
    }

    [Theory]
    [InlineData("priority")]
    [InlineData("dueBy")]
    [InlineData("status")]
    [InlineData("unreadCount")]
    public async Task PagesFollowEachOtherInEveryOrder(string order)
    {
        var from = await TwoAsync();
        await house.ReceiveAsync("Gamma", from: from);
        var ids = (await FindAsync(new { filters = new object[] { Of(from) }, orderByField = "id", orderByDirection = "asc" })).Ok().Json.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()).ToList();
        (await Api.PatchAsync($"ticket/{ids[1]}", new { priority = "low", dueBy = "2030-01-01 00:00:00" })).Ok();
        (await Api.PatchAsync($"ticket/{ids[2]}", new { priority = "urgent", dueBy = "2029-01-01 00:00:00" })).Ok();

        List<long> listed = [];
        for (string? cursor = null; listed.Count == 0 || cursor is not null;)
        {
            var page = (await FindAsync(new { filters = new object[] { Of(from) }, orderByField = order, orderByDirection = "asc", limit = 1, cursor })).Ok().Json;
            listed.AddRange(page.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        Assert.Equal(ids, listed.Order());
        Assert.Equal(order switch { "priority" => ids[2], "dueBy" => ids[0], "status" => ids[1], _ => ids[2] }, listed[^1]);
    }

    [Fact]
    public async Task ValuesMayBeSeveralOrARangeOrNull()
    {
        var from = await TwoAsync();

        Assert.Equal(["Alpha"], await SubjectsAsync(from, new { key = "status", comparator = "in", values = new[] { "open", "pending" } }));
        Assert.Equal(["Beta"], await SubjectsAsync(from, new { key = "status", comparator = "not in", values = new[] { "open", "pending" } }));
        Assert.Equal(2, (await SubjectsAsync(from, new { key = "createdAt", comparator = "between", from = 1_500_000_000, to = "2100-01-01T00:00:00Z" })).Count);
        Assert.Equal(2, (await SubjectsAsync(from, new { key = "assignee", value = (long?)null })).Count);
        Assert.Empty(await SubjectsAsync(from, new { key = "assignee", comparator = "!=", value = (long?)null }));
        Assert.Equal(2, (await SubjectsAsync(from, new { key = "subchannelId", value = house.Support })).Count);
    }

    [Theory]
    [InlineData("externalTicketId")]
    [InlineData("contractId")]
    [InlineData("tagId")]
    public async Task WhatHasNoneIsFoundByNull(string key)
    {
        var from = await TwoAsync();
        var alpha = (await FindAsync(new { filters = new object[] { Of(from), new { key = "subject", value = "Alpha" } } })).Json.GetProperty("tickets")[0].GetProperty("id").GetInt64();
        var tag = (await Api.PostAsync("tag", new { name = $"Null {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        object mine = key == "tagId" ? tag : $"crm-{Guid.NewGuid():N}";
        (await Api.PatchAsync($"ticket/{alpha}", key == "tagId" ? (object)new { tagIds = new[] { tag } } : new Dictionary<string, object> { [key] = mine })).Ok();

        Assert.Equal(["Beta"], await SubjectsAsync(from, new { key, value = (string?)null }));
        Assert.Equal(["Alpha"], await SubjectsAsync(from, new { key, comparator = "!=", value = (string?)null }));
        Assert.Equal(2, (await SubjectsAsync(from, new { key, comparator = "in", values = new[] { mine, null } })).Count);
        Assert.Empty(await SubjectsAsync(from, new { key, comparator = "not in", values = new[] { mine, null } }));
        Assert.Empty(await SubjectsAsync(from, new { key = "from", value = (string?)null }));
        Assert.Equal(2, (await SubjectsAsync(from, new { key = "from", comparator = "!=", value = (string?)null })).Count);
    }

    [Fact]
    public async Task ATotalThatFullTextDidNotCountToTheEndSaysSo()
    {
        var word = $"w{Guid.NewGuid():N}";
        for (var i = 0; i < SearchQueries.PageSize + 2; i++)
        {
            await house.ReceiveAsync($"Counted {word}", from: $"{word}{i}@customer.example");
        }

        TicketCriteria criteria = new([new TicketCondition("q", null, System.Text.Json.JsonSerializer.SerializeToElement(word), null, null, null)], false, null, true, 0, 50);
        var stopped = await new TicketSearch(house.Get<IDbContextFactory<EnneoDbContext>>(), house.Get<SearchQueries>(), TimeProvider.System) { MaxFound = 1 }.FindAsync(Reach.All, criteria, 0, TestContext.Current.CancellationToken);
        var whole = (await FindAsync(new { filters = new object[] { new { key = "q", value = word } } })).Ok().Json;

        Assert.True(stopped is { TotalIsAtLeast: true, Total: > 0 and <= SearchQueries.PageSize }, $"{stopped.Total}");
        Assert.Equal((SearchQueries.PageSize + 2, false), (whole.GetProperty("total").GetInt32(), whole.GetProperty("totalIsAtLeast").GetBoolean()));
    }

    [Fact]
    public async Task ATagIsFoundByItsNumber()
    {
        var from = await TwoAsync();
        var tag = (await Api.PostAsync("tag", new { name = $"Searched {from}" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
        var alpha = (await FindAsync(new { filters = new object[] { Of(from), new { key = "subject", value = "Alpha" } } })).Json.GetProperty("tickets")[0].GetProperty("id").GetInt64();
        (await Api.PatchAsync($"ticket/{alpha}", new { tagIds = new[] { tag } })).Ok();

        Assert.Equal(["Alpha"], await SubjectsAsync(from, new { key = "tagId", value = tag }));
        Assert.Equal(["Beta"], await SubjectsAsync(from, new { key = "tagId", comparator = "!=", value = tag }));
    }

    [Fact]
    public async Task APageIsOrderedAndCounted()
    {
        var from = await TwoAsync();

        var first = (await FindAsync(new { filters = new object[] { Of(from) }, orderByField = "subject", orderByDirection = "desc", limit = 1 })).Ok().Json;
        var second = (await FindAsync(new { filters = new object[] { Of(from) }, orderByField = "subject", orderByDirection = "desc", limit = 1, offset = 1 })).Ok().Json;

        Assert.Equal(("Beta", 2, 1), (first.GetProperty("tickets")[0].GetProperty("subject").GetString(), first.GetProperty("total").GetInt32(), first.GetProperty("limit").GetInt32()));
        Assert.Equal("Alpha", second.GetProperty("tickets")[0].GetProperty("subject").GetString());
        Assert.False(first.GetProperty("tickets")[0].TryGetProperty("body", out _));
    }

    [Fact]
    public async Task TheScopeOfSkillsLeavesSpamOut()
    {
        var from = await TwoAsync();
        var alpha = (await FindAsync(new { filters = new object[] { Of(from), new { key = "subject", value = "Alpha" } } })).Json.GetProperty("tickets")[0].GetProperty("id").GetInt64();
        (await Api.PatchAsync($"ticket/{alpha}", new { spamStatus = "manual_spam" })).Ok();

        var all = (await FindAsync(new { filters = new object[] { Of(from) } })).Ok().Json.GetProperty("total").GetInt32();
        var skills = (await FindAsync(new { ticketScope = "skills", filters = new object[] { Of(from) } })).Ok().Json.GetProperty("total").GetInt32();

        (await Api.PatchAsync($"ticket/{alpha}", new { spamStatus = (string?)null })).Ok(); // the mails of the other tests are like it, and would be spam as well
        Assert.Equal((2, 1), (all, skills));
    }

    [Theory]
    [InlineData("""{"filters":[{"key":"colour","value":"red"}]}""", "filters[0].key", "subchannelId")]
    [InlineData("""{"filters":[{"key":"status","comparator":"like","value":"open"}]}""", "filters[0].comparator", "not in")]
    [InlineData("""{"filters":[{"key":"status","comparator":"<","value":"open"}]}""", "filters[0].comparator", "=")]
    [InlineData("""{"filters":[{"key":"status","value":"opened"}]}""", "filters[0].value", "pending")]
    [InlineData("""{"filters":[{"key":"spamStatus","value":"spam"}]}""", "filters[0].value", "auto_programmatic")]
    [InlineData("""{"filters":[{"key":"colour","value":"red"}]}""", "filters[0].key", "isCustomerActive")]
    [InlineData("""{"filters":[{"key":"sentiment","value":"happy"}]}""", "filters[0].value", "negative")]
    [InlineData("""{"filters":[{"key":"language","value":"Klingon"}]}""", "filters[0].value", "German")]
    [InlineData("""{"filters":[{"key":"isCustomerActive","comparator":"<","value":true}]}""", "filters[0].comparator", "=")]
    [InlineData("""{"orderByField":"colour"}""", "orderByField", "dueBy")]
    [InlineData("""{"filters":[{"key":"id","value":"one"}]}""", "filters[0].value", "number")]
    [InlineData("""{"filters":[{"key":"id","comparator":"in","values":[]}]}""", "filters[0].values", "500")]
    [InlineData("""{"filters":[{"key":"createdAt","comparator":"between","from":"yesterday","to":1}]}""", "filters[0].from", "ISO 8601")]
    [InlineData("""{"orderByField":"colour"}""", "orderByField", "createdAt")]
    [InlineData("""{"orderByDirection":"up"}""", "orderByDirection", "desc")]
    [InlineData("""{"ticketScope":"mine"}""", "ticketScope", "skills")]
    [InlineData("""{"limit":501}""", "limit", "500")]
    [InlineData("""{"limit":"ten"}""", "limit", "kind of value")]
    [InlineData("""{"Offset":2}""", "Offset", "offset")]
    [InlineData("""{"filters":[null]}""", "filters[0]", "key")]
    public async Task WhatIsWrongIsNamedWithWhatIsAllowed(string body, string field, string allowed)
    {
        using StringContent json = new(body, System.Text.Encoding.UTF8, "application/json");

        var answer = (await Api.PostAsync("ticket/search", json)).Problem(400);

        Assert.Contains(allowed, answer.Error(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABodyThatIsNoJsonIsRefused()
    {
        using StringContent text = new("limit=1", System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        (await Api.PostAsync("ticket/search", text)).Problem(415);
        using StringContent broken = new("{\"limit\":", System.Text.Encoding.UTF8, "application/json");
        (await Api.PostAsync("ticket/search", broken)).Problem(400);
    }

    private static object Of(string from) => new { key = "from", value = from };

    private async Task<string> TwoAsync()
    {
        var from = $"{Guid.NewGuid():N}@customer.example";
        await house.ReceiveAsync("Alpha", from: from);
        var beta = await house.ReceiveAsync("Beta", from: from);
        (await Api.PatchAsync($"ticket/{beta.TicketId}", new { status = "closed" })).Ok();
        return from;
    }

    private async Task<IReadOnlyList<string>> SubjectsAsync(string from, object condition)
    {
        var found = (await FindAsync(new { filters = new[] { Of(from), condition } })).Ok();
        return [.. found.Json.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("subject").GetString()!)];
    }

    private Task<ApiReply> FindAsync(object search) => Api.PostAsync("ticket/search", search);
}
