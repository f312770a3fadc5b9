using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What another system says again, or says of something else, makes nothing twice and sends nothing unasked.</summary>
[Collection(ApiCollection.Name)]
public sealed class RepeatedIdsTests(ApiHouse house)
{
    private static readonly object s_answer = new { message = "It left today." };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task ATicketThatAnotherWasMergedIntoGoesByBothNames_AndBothGoOnChangingIt()
    {
        var (one, two) = (Name("crm"), Name("crm"));
        var (first, second) = (Id((await CreateAsync(one)).Ok(201)), Id((await CreateAsync(two)).Ok(201)));
        Assert.NotNull((await house.Get<TicketRegrouping>().MergeAsync([first, second], Actor.User(house.AdminId), "test", Cancel)).Done);

        var ids = new[] { Id((await CreateAsync(two)).Ok()), Id((await CreateAsync(one)).Ok()), Id((await CreateAsync(two)).Ok()) };

        Assert.Single(ids.Distinct());
    }

    [Fact]
    public async Task OneOfSeveralTicketsThatWasMergedIsChangedAsTheOneItIsNow()
    {
        var (first, second) = (Id((await CreateAsync(Name("a"))).Ok(201)), Id((await CreateAsync(Name("b"))).Ok(201)));
        Assert.NotNull((await house.Get<TicketRegrouping>().MergeAsync([first, second], Actor.User(house.AdminId), "test", Cancel)).Done);

        (await Api.PatchAsync("ticket", new[] { new { id = first, priority = "high" }, new { id = second, priority = "urgent" } })).Ok();

        Assert.Equal("urgent", (await Api.GetAsync($"ticket/{first}")).Ok().Ticket.GetProperty("priority").GetString());
    }

    [Fact]
    public async Task AnIdOfAnotherMessageIsRefused_AndNothingIsSentOrKept()
    {
        var (here, there) = (await house.ReceiveAsync("Here"), await house.ReceiveAsync("There", house.Sales));
        var (sent, stored) = (Name("sent"), Name("stored"));
        (await ReplyAsync(here.TicketId, sent)).Ok();
        (await StoreAsync(here.TicketId, stored)).Ok(201);
        var before = await CountAsync();

        (await ReplyAsync(there.TicketId, sent)).Problem(422);
        (await ReplyAsync(here.TicketId, stored)).Problem(422);
        (await StoreAsync(there.TicketId, stored)).Problem(422);
        (await StoreAsync(there.TicketId, stored)).Problem(422);
        (await ReplyAsync(here.TicketId, sent)).Ok();

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task ASplitAndItsNameAreThereTogether_AndTheSameNameMakesOneTicket()
    {
        var (mail, name) = (await house.ReceiveAsync("Split"), Name("split"));
        List<long> more = [];
        for (var i = 0; i < 4; i++)
        {
            more.Add(Id((await Api.PostAsync($"ticket/{mail.TicketId}/conversation/store", new { direction = "in", content = new { message = $"Part {i}" } })).Ok(201)));
        }

        var made = await Task.WhenAll(more.Select(message => Api.PostAsync($"ticket/{mail.TicketId}/conversation/{message}/split", new { externalTicketId = name })));

        var split = Assert.Single(made.Select(answer => answer.Ok().Ticket.GetProperty("id").GetInt64()).Distinct());
        Assert.Equal(name, (await Api.GetAsync($"ticket/{split}")).Ok().Ticket.GetProperty("externalTicketId").GetString());
        Assert.Equal((4, 1), (await house.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == mail.TicketId, Cancel)), await house.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == split, Cancel))));
    }

    [Theory]
    [InlineData("ticket/search", """{"filters":[{"key":"status","value":"\ud800"}]}""")]
    [InlineData("ticket/search", """{"filters":[{"key":"q","value":"\ud800"}]}""")]
    [InlineData("ticket", """{"subchannelId":SUPPORT,"from":"a@b.example","body":"x","additionalData":{"a":"\ud800"}}""")]
    [InlineData("ticket", """{"subchannelId":SUPPORT,"from":"a@b.example","body":"x","additionalData":{"\udc00":1}}""")]
    [InlineData("ticket", """{"subchannelId":SUPPORT,"from":"a@b.example","body":"x","rawData":["\ud83d"]}""")]
    public async Task HalfOfACharacterIsNoText(string path, string json)
    {
        using StringContent body = new(json.Replace("SUPPORT", house.Support.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal), Encoding.UTF8, "application/json");
        var before = await CountAsync();

        (await Api.PostAsync(path, body)).Problem(400);

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task AWholeCharacterThatIsWrittenAsTwoHalvesIsText()
    {
        using StringContent body = new("""{"filters":[{"key":"subject","value":"\ud83d\ude00"}]}""", Encoding.UTF8, "application/json");
        (await Api.PostAsync("ticket/search", body)).Ok();
    }

    [Fact]
    public async Task AMailThatWeSendKeepsItsData_AndWhatItTakesFromHereIsNamed()
    {
        var written = (await Api.PostAsync("ticket", new
        {
            direction = "out",
            subchannelId = house.Support,
            to = new[] { ApiHouse.Customer },
            subject = "Written by us",
            body = "x",
            from = "somebody@else.example",
            createdAt = "2020-01-01 00:00:00",
            rawData = new { of = "crm" },
        })).Ok(201).Json;

        Assert.Equal(["from", "createdAt"], written.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!.Split('"')[1]));
        var kept = (await Api.GetAsync($"ticket/{written.GetProperty("id")}/conversation?includeRawData=true")).Ok().Json.GetProperty("conversation")[0];
        Assert.Equal("""{"of":"crm"}""", kept.GetProperty("rawData").GetRawText());
        Assert.Equal("support@example.test", kept.GetProperty("fromEmail").GetString());
        (await Api.PostAsync("ticket", new { direction = "out", isDraft = true, subchannelId = house.Support, to = new[] { ApiHouse.Customer }, subject = "s", body = "x", priority = "high" })).Problem(400);
    }

    [Fact]
    public async Task TheKeyOfARequestIsThatOfOneKeyAlone()
    {
        var (wide, narrow) = (await house.PersonAsync(house.AdminId, ApiScopes.Read | ApiScopes.Write), await house.PersonAsync(house.AdminId, ApiScopes.Read | ApiScopes.Write, house.Support));
        var key = ("Idempotency-Key", Name("once"));
        object wanted = new { subchannelId = house.Sales, from = ApiHouse.Customer, subject = "Secret of sales", body = "x" };
        (await wide.PostAsync("ticket", wanted, key)).Ok(201);

        var answer = (await narrow.PostAsync("ticket", wanted, key)).Problem(422);

        Assert.DoesNotContain("Secret", answer.Text, StringComparison.Ordinal);
    }

    private Task<ApiReply> CreateAsync(string name) =>
        Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = name, body = "x", externalTicketId = name });

    private Task<ApiReply> ReplyAsync(long ticket, string id) => Api.PostAsync($"ticket/{ticket}/conversation/reply", new { content = s_answer, externalConversationId = id });

    private Task<ApiReply> StoreAsync(long ticket, string id) =>
        Api.PostAsync($"ticket/{ticket}/conversation/store", new { direction = "in", content = new { message = "She called." }, externalConversationId = id });

    private Task<int> CountAsync() => house.ReadAsync(db => db.Messages.CountAsync(Cancel));

    private static long Id(ApiReply reply) => reply.Json.GetProperty("id").GetInt64();

    private static string Name(string of) => $"{of}-{Guid.NewGuid():N}";
}
