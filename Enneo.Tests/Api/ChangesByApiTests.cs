using System.Diagnostics;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Sync;

namespace Enneo.Tests.Api;

/// <summary>The change feed and a ticket's activity, as programs read them.</summary>
[Collection(ApiCollection.Name)]
public sealed class ChangesByApiTests(ApiHouse house)
{
    private ApiClient Api => house.Service;

    [Fact]
    public async Task WhoFollowsTheFeedReadsEachChangeWithWhoDidIt()
    {
        var cursor = await CursorAsync();
        var mail = await house.ReceiveAsync("Followed");
        (await Api.PatchAsync($"ticket/{mail.TicketId}", new { status = "closed" })).Ok();

        var changes = (await Api.GetAsync($"changes?since={cursor}&limit=1000")).Ok().Json.GetProperty("changes").EnumerateArray()
            .Where(change => change.GetProperty("ticketId").ValueKind is JsonValueKind.Number && change.GetProperty("ticketId").GetInt64() == mail.TicketId).ToList();

        Assert.Equal("ticketCreated", changes[0].GetProperty("event").GetString());
        var closed = changes.Single(change => change.GetProperty("event").GetString() == "ticketStatusChanged");
        Assert.Equal(("key", "api", "closed"), (closed.GetProperty("actor").GetString(), closed.GetProperty("origin").GetString(), closed.GetProperty("changes").GetProperty("status")[1].GetString()));
        Assert.StartsWith("Program", closed.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(house.Support, closed.GetProperty("subchannelId").GetInt64());
    }

    [Fact]
    public async Task AMailThatAProgramBringsIsItsDoing()
    {
        var created = (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "Brought", body = "x" })).Ok(201).Json.GetProperty("id").GetInt64();

        var activity = (await Api.GetAsync($"ticket/{created}/activity")).Ok().Json.GetProperty("activity");

        var brought = activity.EnumerateArray().Where(entry => entry.GetProperty("event").GetString() is "ticketCreated" or "messageReceived").ToList();
        Assert.Equal(2, brought.Count);
        Assert.All(
            brought,
            entry => Assert.Equal(("key", "api"), (entry.GetProperty("actor").GetString(), entry.GetProperty("origin").GetString())));
    }

    [Fact]
    public async Task AnAnswerOfAProgramIsItsDoing()
    {
        var mail = await house.ReceiveAsync("To be answered");
        (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "Thank you" } })).Ok();

        var activity = (await Api.GetAsync($"ticket/{mail.TicketId}/activity")).Ok().Json.GetProperty("activity");

        var queued = activity.EnumerateArray().Single(entry => entry.GetProperty("event").GetString() == "outgoingQueued");
        Assert.Equal(("key", "api", "reply"), (queued.GetProperty("actor").GetString(), queued.GetProperty("origin").GetString(), queued.GetProperty("changes").GetProperty("mode")[1].GetString()));
    }

    [Fact]
    public async Task AReaderWaitsUntilSomethingHappens()
    {
        var limited = await house.ServiceAsync(ApiScopes.Read, house.Sales);
        var cursor = (await limited.GetAsync("changes")).Ok().Json.GetProperty("cursor").GetInt64();
        var started = Stopwatch.GetTimestamp();

        var waiting = limited.GetAsync($"changes?since={cursor}&wait=30");
        await house.ReceiveAsync("Elsewhere", house.Support);
        Assert.False(waiting.IsCompleted);
        await house.ReceiveAsync("Waited for", house.Sales);
        var page = (await waiting).Ok().Json;

        Assert.All(page.GetProperty("changes").EnumerateArray(), change => Assert.Equal(house.Sales, change.GetProperty("subchannelId").GetInt64()));
        Assert.NotEmpty(page.GetProperty("changes").EnumerateArray());
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task WhoLosesAccessWhileTheyWaitAreToldNothingMore()
    {
        var mailbox = await house.Get<MailImport>().AddAsync( // of its own: in the others mail of other tests may just be worked on
            new ImportedMailbox("Lost", "lost@example.test", "Example Lost", IsDefault: false), [], "test", TestContext.Current.CancellationToken);
        var reach = Reach.Of([mailbox]);
        var waiting = house.Get<ChangeFeed>().WaitAsync(
            _ => Task.FromResult(reach), await CursorAsync(), 100, TimeSpan.FromSeconds(2), CancellationToken.None, TestContext.Current.CancellationToken);

        reach = Reach.None;
        await house.ReceiveAsync("Not theirs any more", mailbox);

        Assert.Empty((await waiting).Entries);
    }

    [Fact]
    public async Task ACursorThatIsAheadOfTheLogIsAnsweredClearly() =>
        Assert.Contains("backup", (await Api.GetAsync("changes?since=999999999999")).Problem(410).Error("since"), StringComparison.Ordinal);

    private async Task<long> CursorAsync() => (await Api.GetAsync("changes")).Ok().Json.GetProperty("cursor").GetInt64();
}
