using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What programs ask while people work: which ticket is next, who is at one, and where a list goes on.</summary>
[Collection(ApiCollection.Name)]
public sealed class TicketWorkTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task TheNextTicketIsTheOneThatWaitsLongest_WithoutSpamAndWhatIsDone()
    {
        var tag = Id((await Api.PostAsync("tag", new { name = $"Queue {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag"));
        var tickets = new long[5];
        for (var i = 0; i < tickets.Length; i++)
        {
            tickets[i] = (await house.ReceiveAsync($"Queue {i}", from: $"queue{i}@customer.example")).TicketId;
            (await Api.PatchAsync($"ticket/{tickets[i]}", new { tagIds = new[] { tag } })).Ok();
        }

        (await Api.PatchAsync($"ticket/{tickets[1]}", new { status = "closed" })).Ok();
        (await Api.PatchAsync($"ticket/{tickets[3]}", new { spamStatus = "manual_spam" })).Ok();
        object[] filters = [new { key = "tagId", value = tag }];

        Assert.Equal(tickets[0], await LatestAsync(new { filters }));
        Assert.Equal(tickets[2], await LatestAsync(new { preferredDirection = "next", ticketId = tickets[0], filters }));
        Assert.Equal(tickets[4], await LatestAsync(new { preferredDirection = "next", ticketId = tickets[2], filters }));
        Assert.Null(await LatestAsync(new { preferredDirection = "next", ticketId = tickets[4], filters }));
        Assert.Equal(tickets[0], await LatestAsync(new { preferredDirection = "previous", ticketId = tickets[2], filters }));
        (await Api.PatchAsync($"ticket/{tickets[3]}", new { spamStatus = (string?)null })).Ok(); // the mails of the other tests are like it, and would be spam as well
        Assert.NotEmpty((await Api.PostAsync("ticket/getLatest", new { preferredDirection = "next", ticketId = 9_999_999 })).Problem(400).Error("ticketId"));
        Assert.NotEmpty((await Api.PostAsync("ticket/getLatest", new { preferredDirection = "latest" })).Problem(400).Error("preferredDirection"));
    }

    [Fact]
    public async Task WhoWorksOnATicketIsSeenByTheOthers()
    {
        var ticket = (await house.ReceiveAsync("Present")).TicketId;
        var (agent, admin) = (await house.PersonAsync(house.AgentId, ApiScopes.Read), await house.PersonAsync(house.AdminId, ApiScopes.Read));

        var alone = (await agent.GetAsync($"ticket/{ticket}/ping")).Ok().Json.GetProperty("workedOnBy");
        var both = (await admin.GetAsync($"ticket/{ticket}/ping")).Ok().Json.GetProperty("workedOnBy");

        Assert.Equal("Ben", alone[0].GetProperty("name").GetString());
        Assert.Equal([house.AdminId, house.AgentId], both.EnumerateArray().Select(person => person.GetProperty("userId").GetInt64()).Order());
    }

    [Fact]
    public async Task WhoReadsOrAnswersOnThePageIsSeenByPrograms()
    {
        var ticket = (await house.ReceiveAsync("Open on a page")).TicketId;
        house.Get<Presence>().Ping(ticket, house.AgentId, isReplying: true);

        var present = (await Api.GetAsync($"ticket/{ticket}/ping?replying=true")).Ok().Json.GetProperty("workedOnBy").EnumerateArray().ToList();

        Assert.Contains(present, person => person.GetProperty("userId").GetInt64() == house.AgentId && person.GetProperty("isReplying").GetBoolean());
        Assert.Equal(2, house.Get<Presence>().OfTicket(ticket).Count(person => person.IsReplying));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("createdAt")]
    [InlineData("lastMessageAt")]
    [InlineData("subject")]
    public async Task AListGoesOnBehindItsCursorWhateverHasComeMeanwhile(string order)
    {
        var tag = Id((await Api.PostAsync("tag", new { name = $"Pages {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag"));
        for (var i = 0; i < 7; i++)
        {
            var ticket = (await house.ReceiveAsync($"Page {i % 3}", from: $"page{i}@customer.example")).TicketId;
            (await Api.PatchAsync($"ticket/{ticket}", new { tagIds = new[] { tag } })).Ok();
        }

        object[] filters = [new { key = "tagId", value = tag }];
        foreach (var direction in new[] { "asc", "desc" })
        {
            var whole = (await Api.PostAsync("ticket/search", new { orderByField = order, orderByDirection = direction, filters })).Ok().Json;
            List<long> paged = [];
            string? cursor = null;
            do
            {
                var page = (await Api.PostAsync("ticket/search", new { orderByField = order, orderByDirection = direction, filters, limit = 3, cursor })).Ok().Json;
                paged.AddRange(page.GetProperty("tickets").EnumerateArray().Select(Id));
                cursor = page.GetProperty("nextCursor").GetString();
            }
            while (cursor is not null);

            Assert.Equal(whole.GetProperty("tickets").EnumerateArray().Select(Id), paged);
        }
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("e30=")]
    [InlineData("eyJPcmRlciI6ImlkIiwiQXNjZW5kaW5nIjpmYWxzZSwiS2V5IjoieCIsIklkIjoxfQ==")]
    public async Task ACursorThatNoSearchGaveOutIsRefused(string cursor) =>
        Assert.NotEmpty((await Api.PostAsync("ticket/search", new { orderByField = "id", cursor })).Problem(400).Error("cursor"));

    [Fact]
    public async Task PriorityAndDueTimesAreChangedAndFound()
    {
        var ticket = (await house.ReceiveAsync("Due")).TicketId;

        var changed = (await Api.PatchAsync($"ticket/{ticket}", new { priority = "high", dueBy = "2031-05-06 07:08:09", firstResponseDueBy = "2031-05-05T07:08:09Z", contractId = $"K-{ticket}" })).Ok().Ticket;
        var found = (await Api.PostAsync("ticket/search", new
        {
            filters = new object[]
            {
                new { key = "priority", comparator = "in", values = new[] { "high", "urgent" } }, new { key = "t.dueBy", comparator = "between", from = "2031-01-01 00:00:00", to = "2031-12-31 00:00:00" },
                new { key = "contractId", value = $"K-{ticket}" },
            },
        })).Ok().Json.GetProperty("tickets");
        var cleared = (await Api.PatchAsync($"ticket/{ticket}", new { dueBy = (string?)null, contractId = (string?)null })).Ok().Ticket;

        Assert.Equal("2031-05-06T07:08:09Z", changed.GetProperty("dueBy").GetString());
        Assert.Equal([ticket], found.EnumerateArray().Select(Id));
        Assert.Equal((JsonValueKind.Null, "2031-05-05T07:08:09Z", JsonValueKind.Null), (cleared.GetProperty("dueBy").ValueKind, cleared.GetProperty("firstResponseDueBy").GetString(), cleared.GetProperty("contractId").ValueKind));
    }

    [Fact]
    public async Task AdditionalDataIsChangedKeyByKey_AndItsChangeIsRecorded()
    {
        var ticket = (await house.ReceiveAsync("Additional")).TicketId;

        (await Api.PatchAsync($"ticket/{ticket}", new { additionalData = new { plan = "gold", seats = 3 } })).Ok();
        var changed = (await Api.PatchAsync($"ticket/{ticket}", new { additionalData = new { plan = (string?)null, colour = "red" } })).Ok();

        Assert.Equal("""{"seats":3,"colour":"red"}""", changed.Ticket.GetProperty("additionalData").GetRawText());
        Assert.Equal(2, await house.ReadAsync(db => db.Activity.CountAsync(e => e.TicketId == ticket && e.Kind == Core.Activity.ActivityKind.TicketFactsChanged, Cancel)));
        Assert.NotEmpty((await Api.PatchAsync($"ticket/{ticket}", new { additionalData = new[] { 1 } })).Problem(400).Error("additionalData"));
        Assert.NotEmpty((await Api.PatchAsync($"ticket/{ticket}", new { additionalData = new { a = new string('x', 40_000) } })).Ok().Text);
        Assert.NotEmpty((await Api.PatchAsync($"ticket/{ticket}", new { additionalData = new { b = new string('x', 40_000) } })).Problem(422).Error("additionalData"));
    }

    [Fact]
    public async Task WhoWorkedOnATicketIsSaidByTheirChanges()
    {
        var ticket = (await house.ReceiveAsync("Worked on")).TicketId;
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Write);

        var without = (await agent.PatchAsync($"ticket/{ticket}", new { status = "pending" })).Ok().Ticket;
        var with = (await agent.PatchAsync($"ticket/{ticket}?includeInWorklog=true", new { status = "open" })).Ok().Ticket;
        var set = (await Api.PatchAsync($"ticket/{ticket}", new { workedOnBy = new[] { house.AdminId } })).Ok().Ticket;

        Assert.Empty(without.GetProperty("workedOnBy").EnumerateArray());
        Assert.Equal(house.AgentId, with.GetProperty("workedOnBy")[0].GetInt64());
        Assert.Equal([house.AdminId], set.GetProperty("workedOnBy").EnumerateArray().Select(id => id.GetInt64()));
        Assert.NotEmpty((await Api.PatchAsync($"ticket/{ticket}", new { workedOnBy = new[] { 999_999 } })).Problem(422).Error("workedOnBy"));
    }

    [Theory]
    [InlineData("sent", DeliveryState.Sent)]
    [InlineData("rejected", DeliveryState.Rejected)]
    public async Task MailOfAMailboxWithoutAServerWaitsForWhoCarriesItOut_AndEndsAsThatSays(string said, DeliveryState state)
    {
        var mail = await house.ReceiveAsync($"Carried {said}");
        var sent = Id((await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "By you" } })).Ok().Json);
        await EnneoStore.UntilAsync(async () => await StateAsync(sent) is DeliveryState.Sending, TimeSpan.FromSeconds(20), Cancel);
        var handedOn = await house.ReadAsync(db => db.Activity.SingleAsync(e => e.MessageId == sent && e.Kind == ActivityKind.OutgoingStateChanged, Cancel));
        Assert.Equal(WebhookEvent.TicketUpdated, WebhookEvents.Find(handedOn)?.Event);

        var ended = (await Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{sent}", new { deliveryState = said, serverText = "as 17" })).Ok().Json.GetProperty("conversation");

        Assert.Equal((said, "as 17"), (ended.GetProperty("deliveryState").GetString(), ended.GetProperty("serverText").GetString()));
        Assert.Equal(state, await StateAsync(sent));
        (await Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{sent}", new { deliveryState = "sent" })).Problem(409);
    }

    private static long Id(JsonElement json) => json.GetProperty("id").GetInt64();

    private Task<DeliveryState> StateAsync(long messageId) => house.ReadAsync(db => db.Outbox.Where(o => o.MessageId == messageId).Select(o => o.State).SingleAsync(Cancel));

    private async Task<long?> LatestAsync(object wanted) =>
        (await Api.PostAsync("ticket/getLatest", wanted)).Ok().Json.GetProperty("ticket") is { ValueKind: JsonValueKind.Object } ticket ? Id(ticket) : null;
}
