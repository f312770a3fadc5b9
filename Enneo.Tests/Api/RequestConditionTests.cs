using Enneo.Core.Processing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What a request asks for only under conditions, and what is answered where it comes again.</summary>
[Collection(ApiCollection.Name)]
public sealed class RequestConditionTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    /// <summary>RFC 9110, section 13.1.1: a list holds by any of its tags, compared strongly.</summary>
    [Theory]
    [InlineData("TAG", 200)]
    [InlineData("\"other\", TAG", 200)]
    [InlineData("\"a,b\" , TAG, \"c\"", 200)]
    [InlineData("*", 200)]
    [InlineData("W/TAG", 412)]
    [InlineData("\"other\", W/TAG", 412)]
    [InlineData("\"other\"", 412)]
    [InlineData("no tag at all", 412)]
    [InlineData("\"abc*", 412)]
    [InlineData("w/TAG", 412)]
    [InlineData("TAG, \"abc", 412)]
    public async Task AChangeIsMadeWhereOneOfTheTagsIsTheTicketsOwn(string condition, int status)
    {
        var (ticket, tag) = await TicketAsync();
        var said = condition.Replace("TAG", tag, StringComparison.Ordinal);

        var byHeader = await Api.PatchAsync($"ticket/{ticket}", new { status = "pending" }, ("If-Match", said));
        Assert.Equal(status, byHeader.Status);
        Assert.Equal(status == 200 ? "pending" : "open", (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("status").GetString());

        var (other, otherTag) = await TicketAsync();
        Assert.Equal(status, (await Api.PatchAsync($"ticket/{other}", new { status = "pending", ifMatch = condition.Replace("TAG", otherTag, StringComparison.Ordinal) })).Status);
    }

    [Fact]
    public async Task AnEmptyConditionIsOneThatNothingMeets()
    {
        var (ticket, _) = await TicketAsync();

        (await Api.PatchAsync($"ticket/{ticket}", new { status = "pending", ifMatch = "" })).Problem(412);
        (await Api.PatchAsync($"ticket/{ticket}", new { status = "pending", ifMatch = (string?)null })).Ok();
    }

    /// <summary>RFC 9110, section 13.1.2: weak comparison.</summary>
    [Theory]
    [InlineData("TAG", 304)]
    [InlineData("W/TAG", 304)]
    [InlineData("\"other\", W/TAG", 304)]
    [InlineData("*", 304)]
    [InlineData("\"other\", W/\"more\"", 200)]
    [InlineData("\"abc*", 200)]
    public async Task WhatIsAlikeIsNotSentAgain(string condition, int status)
    {
        var (ticket, tag) = await TicketAsync();
        Assert.Equal(status, (await Api.GetAsync($"ticket/{ticket}", ("If-None-Match", condition.Replace("TAG", tag, StringComparison.Ordinal)))).Status);

        var made = (await Api.PostAsync("tag", new { name = $"Alike {Guid.NewGuid():N}" })).Ok(201);
        var id = made.Json.GetProperty("tag").GetProperty("id").GetInt64();
        Assert.Equal(status, (await Api.GetAsync($"tag/{id}", ("If-None-Match", condition.Replace("TAG", made.ETag, StringComparison.Ordinal)))).Status);
    }

    [Fact]
    public async Task ATagIsChangedByAnyOfSeveralTagsOfItsState_AndNothingIsThereForAnyToHoldOf()
    {
        var made = (await Api.PostAsync("tag", new { name = $"Listed {Guid.NewGuid():N}" })).Ok(201);
        var (id, name) = (made.Json.GetProperty("tag").GetProperty("id").GetInt64(), $"Renamed {Guid.NewGuid():N}");

        (await Api.PutAsync($"tag/{id}", new { name }, ("If-Match", $"W/{made.ETag}"))).Problem(412);
        (await Api.PutAsync($"tag/{id}", new { name }, ("If-Match", $"\"other\", {made.ETag}"))).Ok();
        (await Api.DeleteAsync($"tag/{id}", ("If-Match", $"\"other\", {made.ETag}"))).Problem(412);
        (await Api.DeleteAsync($"tag/{id}", ("If-Match", "*"))).Ok();
        (await Api.DeleteAsync($"tag/{id}", ("If-Match", "*"))).Problem(404);
    }

    [Fact]
    public async Task WhatIsAnsweredAgainSaysAgainWhereItIs()
    {
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());
        object wanted = new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "Once", body = "x" };

        var (first, again) = ((await Api.PostAsync("ticket", wanted, key)).Ok(201), (await Api.PostAsync("ticket", wanted, key)).Ok(201));

        Assert.EndsWith($"/ticket/{first.Json.GetProperty("id").GetInt64()}", first.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
    }

    [Theory]
    [InlineData("", """{"performActions":true,"scope":"newest"}""", 1, ProcessingCause.Retry)]
    [InlineData("?performActions=false", """{"performActions":true}""", 2, ProcessingCause.CalledClean)]
    [InlineData("?scope=Newest", null, 1, ProcessingCause.CalledClean)]
    public async Task WhatIsAnalysedAgainIsSaidByTheBodyOrTheAddress(string query, string? body, int waiting, ProcessingCause cause)
    {
        var subject = $"Again {Guid.NewGuid():N}";
        var mail = await house.ReceiveAsync(subject);
        var second = await house.ReceiveAsync($"Re: {subject}", headers: $"In-Reply-To: <{await MessageIdAsync(mail.MessageId)}>\r\n");
        Assert.Equal(mail.TicketId, second.TicketId);
        await house.ProcessedAsync(second.MessageId);
        using StringContent? json = body is null ? null : new(body, System.Text.Encoding.UTF8, "application/json");

        var answer = (await Api.AskAsync(HttpMethod.Post, $"ticket/{mail.TicketId}/reprocess{query}", json)).Ok(202).Json;

        Assert.Equal(waiting, answer.GetProperty("waiting").GetInt32());
        Assert.Equal(cause, await house.ReadAsync(db => db.ProcessingRuns.Where(r => r.MessageId == second.MessageId).OrderByDescending(r => r.Id).Select(r => r.Cause).FirstAsync(Cancel)));
        Assert.NotEmpty((await Api.PostAsync($"ticket/{mail.TicketId}/reprocess", new { scope = "some" })).Problem(400).Error("scope"));
        Assert.NotEmpty((await Api.PostAsync($"ticket/{mail.TicketId}/reprocess?scope=some", null)).Problem(400).Error("scope"));
    }

    private Task<string> MessageIdAsync(long message) => house.ReadAsync(db => db.Messages.Where(m => m.Id == message).Select(m => m.InternetMessageId).SingleAsync(Cancel));

    private async Task<(long Ticket, string Tag)> TicketAsync()
    {
        var mail = await house.ReceiveAsync("Under conditions");
        await house.ProcessedAsync(mail.MessageId);
        return (mail.TicketId, (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().ETag!);
    }
}
