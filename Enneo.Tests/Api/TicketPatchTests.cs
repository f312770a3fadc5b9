using System.Text.Json;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What programs change of tickets.</summary>
[Collection(ApiCollection.Name)]
public sealed class TicketPatchTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task WhatIsNamedIsChangedAndTheRestStays()
    {
        var ticket = (await house.ReceiveAsync("Before")).TicketId;

        var changed = (await Api.PatchAsync($"ticket/{ticket}", new { status = "pending", assignee = house.AgentId, subject = "After", externalTicketId = $"crm-{ticket}" })).Ok();

        Assert.Equal("pending", changed.Ticket.GetProperty("status").GetString());
        Assert.Equal(house.AgentId, changed.Ticket.GetProperty("assignee").GetInt64());
        Assert.Equal("After", changed.Ticket.GetProperty("subject").GetString());
        Assert.Equal($"crm-{ticket}", changed.Ticket.GetProperty("externalTicketId").GetString());
        var again = (await Api.PatchAsync($"ticket/{ticket}", new { assignee = (long?)null })).Ok().Ticket;
        Assert.Equal(JsonValueKind.Null, again.GetProperty("assignee").ValueKind);
        Assert.Equal(("pending", "After"), (again.GetProperty("status").GetString(), again.GetProperty("subject").GetString()));
    }

    [Fact]
    public async Task AGivenSubjectStaysWhenMailComes()
    {
        var mail = await house.ReceiveAsync("Their subject", from: "subject@customer.example");
        (await Api.PatchAsync($"ticket/{mail.TicketId}", new { subject = "Our subject" })).Ok();
        var id = await house.ReadAsync(db => db.Messages.Where(m => m.Id == mail.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));

        var answer = await house.ReceiveAsync("Re: Their subject", from: "subject@customer.example", headers: $"In-Reply-To: <{id}>\r\n");

        Assert.Equal(mail.TicketId, answer.TicketId);
        Assert.Equal("Our subject", (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().Ticket.GetProperty("subject").GetString());
    }

    [Fact]
    public async Task TagsAreThoseThatWereNamedAndNoOthers()
    {
        var ticket = (await house.ReceiveAsync("Tagged")).TicketId;
        var (one, two) = (await TagAsync(), await TagAsync());

        (await Api.PatchAsync($"ticket/{ticket}", new { tagIds = new[] { one } })).Ok();
        var tags = (await Api.PatchAsync($"ticket/{ticket}", new { tags = new[] { two } })).Ok().Ticket.GetProperty("tags");

        Assert.Equal([two], tags.EnumerateArray().Select(tag => tag.GetInt64()));
        (await Api.PatchAsync($"ticket/{ticket}", new { tags = new[] { two }, tagIds = new[] { one } })).Problem(400);
    }

    [Fact]
    public async Task OfSeveralOnlyThoseAreChangedThatAreWhatWasSeen()
    {
        var (mail, later) = (await house.ReceiveAsync("Seen"), await house.ReceiveAsync("Outdated"));
        await house.ProcessedAsync(mail.MessageId); // which is a change too
        await house.ProcessedAsync(later.MessageId);
        var (one, other) = (mail.TicketId, later.TicketId);
        var (first, second) = ((await Api.GetAsync($"ticket/{one}")).Ok().ETag, (await Api.GetAsync($"ticket/{other}")).Ok().ETag);
        (await Api.PatchAsync($"ticket/{other}", new { status = "pending" })).Ok();

        var results = (await Api.PatchAsync("ticket", new object[] { new { id = one, status = "closed", ifMatch = first }, new { id = other, status = "closed", ifMatch = second } })).Ok().Json.GetProperty("results");

        Assert.Equal([200, 412], results.EnumerateArray().Select(result => result.GetProperty("status").GetInt32()));
        Assert.Equal("pending", (await Api.GetAsync($"ticket/{other}")).Ok().Ticket.GetProperty("status").GetString());
        (await Api.PatchAsync($"ticket/{other}", new { status = "closed", ifMatch = second })).Problem(412);
    }

    [Fact]
    public async Task IfMatchKeepsWhatSomebodyElseDidMeanwhile()
    {
        var mail = await house.ReceiveAsync("Contested");
        var ticket = mail.TicketId;
        await house.ProcessedAsync(mail.MessageId);
        var seen = (await Api.GetAsync($"ticket/{ticket}")).Ok().ETag!;
        (await Api.PatchAsync($"ticket/{ticket}", new { status = "pending" }, ("If-Match", seen))).Ok();

        (await Api.PatchAsync($"ticket/{ticket}", new { status = "closed" }, ("If-Match", seen))).Problem(412);

        Assert.Equal("pending", (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("status").GetString());
        (await Api.PatchAsync($"ticket/{ticket}", new { status = "closed" }, ("If-Match", "*"))).Ok();
    }

    [Theory]
    [InlineData("""{"status":"opened"}""", "status", "pending")]
    [InlineData("""{"status":1}""", "status", "open")]
    [InlineData("""{"tag_ids":[1]}""", "tag_ids", "tagIds")]
    [InlineData("""{"priority":"highest"}""", "priority", "urgent")]
    [InlineData("""{"dueBy":"soon"}""", "dueBy", "ISO 8601")]
    [InlineData("""{"subject":""}""", "subject", "line")]
    [InlineData("""{"subject":"a\nb"}""", "subject", "line")]
    [InlineData("""{"assignee":"ben"}""", "assignee", "kind of value")]
    [InlineData("""{"tagIds":[null]}""", "tagIds[0]", "kind of value")]
    [InlineData("""{"externalTicketId":""}""", "externalTicketId", "line")]
    public async Task WhatCannotBeIsRefusedByField(string body, string field, string words)
    {
        var ticket = (await house.ReceiveAsync("Refused")).TicketId;
        using StringContent json = new(body, System.Text.Encoding.UTF8, "application/json");

        var answer = (await Api.PatchAsync($"ticket/{ticket}", json)).Problem(400);

        Assert.Contains(words, answer.Error(field), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARuleThatIsBrokenStopsAll()
    {
        var (one, two) = ((await house.ReceiveAsync("One")).TicketId, (await house.ReceiveAsync("Two", house.Sales)).TicketId);

        var unknownTag = (await Api.PatchAsync($"ticket/{one}", new { status = "closed", tagIds = new[] { 999_999 } })).Problem(422);
        var blind = (await Api.PatchAsync("ticket", new object[] { new { id = one, status = "closed" }, new { id = two, assignee = house.AgentId } })).Problem(422);

        Assert.Contains("999999", unknownTag.Error("tagIds"), StringComparison.Ordinal);
        Assert.Contains("mailbox", blind.Error("1.assignee"), StringComparison.Ordinal);
        Assert.Equal("open", (await Api.GetAsync($"ticket/{one}")).Ok().Ticket.GetProperty("status").GetString());
    }

    [Fact]
    public async Task SeveralAreChangedAtOnceWithAResultForEach()
    {
        var (one, two) = ((await house.ReceiveAsync("One")).TicketId, (await house.ReceiveAsync("Two")).TicketId);

        var results = (await Api.PatchAsync("ticket", new[] { new { id = one, status = "closed" }, new { id = 9_999_999L, status = "closed" }, new { id = two, status = "pending" } })).Ok().Json.GetProperty("results");

        Assert.Equal([(one, 200), (9_999_999L, 404), (two, 200)], results.EnumerateArray().Select(result => (result.GetProperty("id").GetInt64(), result.GetProperty("status").GetInt32())));
        Assert.Equal("closed", (await Api.GetAsync($"ticket/{one}")).Ok().Ticket.GetProperty("status").GetString());
        (await Api.PatchAsync("ticket", new[] { new { status = "closed" } })).Problem(400);
    }

    [Fact]
    public async Task WhatAKeyDoesStandsInTheLogUnderItsOwner()
    {
        var ticket = (await house.ReceiveAsync("Logged")).TicketId;
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Write);

        (await agent.PatchAsync($"ticket/{ticket}", new { status = "closed" })).Ok();

        var entry = await house.ReadAsync(db => db.Activity.Where(e => e.TicketId == ticket).OrderByDescending(e => e.Sequence).FirstAsync(Cancel));
        Assert.Equal((house.AgentId, "api"), (entry.ActorUserId, entry.Origin));
        Assert.NotNull(entry.ApiKeyId);
    }

    [Fact]
    public async Task AnIdOfAnotherSystemIsAChange()
    {
        var mail = await house.ReceiveAsync("Named elsewhere");
        await house.ProcessedAsync(mail.MessageId); // which is a change too
        var before = (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().ETag;
        (await Api.PatchAsync($"ticket/{mail.TicketId}", new { externalTicketId = $"E-{mail.TicketId}" })).Ok();

        var after = (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok();
        Assert.NotEqual(before, after.ETag);
        var changes = (await Api.GetAsync($"ticket/{mail.TicketId}/activity")).Ok().Json.GetProperty("activity").EnumerateArray()
            .Where(entry => entry.GetProperty("changes").TryGetProperty("externalTicketId", out _));
        Assert.Single(changes);
        (await Api.PatchAsync($"ticket/{mail.TicketId}", new { externalTicketId = $"E-{mail.TicketId}" })).Ok();
        Assert.Equal(after.ETag, (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().ETag); // nothing changed
    }

    [Fact]
    public async Task AWordSaidTwiceIsNoAnswerOfFiveHundred()
    {
        var mail = await house.ReceiveAsync("Twice");
        using StringContent body = new("""{"additionalData":{"a":1,"a":2}}""", System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(400, (await Api.PatchAsync($"ticket/{mail.TicketId}", body)).Status);
    }

    [Fact]
    public async Task AnIdOfAnotherSystemIsKnownToThatSystemOnly()
    {
        var ticket = (await house.ReceiveAsync("Named")).TicketId;
        var other = await house.ServiceAsync(ApiScopes.Read | ApiScopes.Write);
        (await Api.PatchAsync($"ticket/{ticket}", new { externalTicketId = "A-1" })).Ok();
        (await other.PatchAsync($"ticket/{ticket}", new { externalTicketId = "B-1" })).Ok();

        Assert.Equal("A-1", (await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("externalTicketId").GetString());
        Assert.Equal("B-1", (await other.GetAsync($"ticket/{ticket}")).Ok().Ticket.GetProperty("externalTicketId").GetString());
        Assert.Equal(0, (await other.PostAsync("ticket/search", new { filters = new[] { new { key = "externalTicketId", value = "A-1" } } })).Ok().Json.GetProperty("total").GetInt32());
    }

    private async Task<long> TagAsync() => (await Api.PostAsync("tag", new { name = $"Tag {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag").GetProperty("id").GetInt64();
}
