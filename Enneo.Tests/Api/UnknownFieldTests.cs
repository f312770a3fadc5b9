using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What a request says that nobody reads is named in its answer; what was only written otherwise is refused.</summary>
[Collection(ApiCollection.Name)]
public sealed class UnknownFieldTests(ApiHouse house)
{
    private ApiClient Api => house.Service;

    [Fact]
    public async Task WhatNobodyReadsIsNamedWhereverItStands_AndTheRestIsDone()
    {
        var created = (await Api.PostAsync("ticket", Json($$"""
            {"subchannelId":{{house.Support}},"from":"{{ApiHouse.Customer}}","subject":"Named","body":"x","brand":"blue","additionalData":{"any":1},
             "attachments":[{"name":"a.txt","base64":"QQ==","mime":"text/plain"}]}
            """))).Ok(201);

        Assert.Equal(["brand", "attachments[0].mime"], Ignored(created));
        Assert.EndsWith($"/ticket/{created.Json.GetProperty("id").GetInt64()}", created.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("Named", (await Api.GetAsync($"ticket/{created.Json.GetProperty("id").GetInt64()}")).Ok().Ticket.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task EachOfSeveralIsNamedByItsPlace_AndARepeatedRequestIsWarnedAgain()
    {
        var one = (await house.ReceiveAsync("Several")).TicketId;
        var list = $$"""[{"id":{{one}},"status":"closed","colour":"red"}]""";

        Assert.Equal(["[0].colour"], Ignored((await Api.PatchAsync("ticket", Json(list))).Ok()));
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(["page"], Ignored((await Api.PostAsync("ticket/search", Json("""{"limit":1,"page":2}"""), ("Idempotency-Key", "warned"))).Ok()));
        }
    }

    [Fact]
    public async Task AFieldThatWasMeantIsNotLeftOut()
    {
        var ticket = (await house.ReceiveAsync("Meant")).TicketId;

        var refused = (await Api.PostAsync($"ticket/{ticket}/conversation/reply", Json("""{"content":{"message":"Not to be sent"},"is_draft":true}"""))).Problem(400);

        Assert.Contains("isDraft", refused.Error("is_draft"), StringComparison.Ordinal);
        Assert.False(await house.ReadAsync(db => db.Outbox.AnyAsync(o => o.TicketId == ticket, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task WhereMailLeavesAtOnceNothingIsLeftOut()
    {
        var ticket = (await house.ReceiveAsync("At once")).TicketId;

        (await Api.PostAsync($"ticket/{ticket}/conversation/reply", Json("""{"content":{"message":"Only for us"},"internal":true}"""))).Problem(400);
        (await Api.PostAsync($"ticket/{ticket}/forward", Json("""{"toEmail":"anna@customer.test","draft":true}"""))).Problem(400);
        using MultipartFormDataContent form = new() { { new StringContent("""{"content":{"message":"As a draft"}}"""), "json" }, { new StringContent("true"), "isDraft" } };
        Assert.Contains("json", (await Api.PostAsync($"ticket/{ticket}/conversation/reply", form)).Problem(400).Error("isDraft"), StringComparison.Ordinal);
        Assert.False(await house.ReadAsync(db => db.Outbox.AnyAsync(o => o.TicketId == ticket, TestContext.Current.CancellationToken)));

        Assert.Equal(["colour"], Ignored((await Api.PostAsync($"ticket/{ticket}/conversation/reply", Json("""{"content":{"message":"A draft"},"isDraft":true,"colour":"red"}"""))).Ok()));
    }

    [Fact]
    public async Task WhatAMemberOfOursIsCalledIsNoFieldOfTheBody() =>
        Assert.Equal(["customer"], Ignored((await Api.PostAsync("ticket", Json($$"""{"subchannelId":{{house.Support}},"from":"{{ApiHouse.Customer}}","body":"x","process":false,"customer":"c"}"""))).Ok(201)));

    [Fact]
    public async Task WhatIsRightIsNotWarnedOf() =>
        Assert.False((await Api.PostAsync("ticket/search", new { limit = 1 })).Ok().Json.TryGetProperty("warnings", out _));

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static IEnumerable<string> Ignored(ApiReply reply) =>
        reply.Json.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!.Split('"')[1]);
}
