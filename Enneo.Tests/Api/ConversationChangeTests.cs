using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Messages;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>Messages that were written elsewhere are added, notes and drafts changed; nothing of it is sent.</summary>
[Collection(ApiCollection.Name)]
public sealed class ConversationChangeTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task WithoutAWordOnWhoMaySeeItAMessageIsANote()
    {
        var ticket = (await house.ReceiveAsync("A note from elsewhere")).TicketId;

        var stored = (await StoreAsync(ticket, new { content = new { message = "<p>Called <b>twice</b></p>" }, from = "dana@helpdesk.example", fromName = "Dana", createdAt = "2026-11-28 10:00:00" })).Ok(201);

        var note = stored.Json.GetProperty("conversation");
        Assert.Equal((true, "internal", "dana@helpdesk.example"), (note.GetProperty("private").GetBoolean(), Text(note, "direction"), Text(note, "fromEmail")));
        Assert.StartsWith("2026-11-28T10:00:00", Text(note, "createdAt"), StringComparison.Ordinal);
        Assert.EndsWith($"/ticket/{ticket}/conversation/{Id(stored.Json)}", stored.Headers["Location"], StringComparison.Ordinal);
        Assert.Equal("open", Text((await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket, "status"));
    }

    [Theory]
    [InlineData("in", "In")]
    [InlineData("out", "Out")]
    public async Task AMessageIsAddedAndNothingIsSent(string direction, string stored)
    {
        var mail = await house.ReceiveAsync($"By phone {direction}", from: $"{direction}@caller.example");

        var message = (await StoreAsync(mail.TicketId, new { direction, content = new { message = "It was about the parcel." }, attachments = new[] { new { name = "a.txt", base64 = "QQ==" } } })).Ok(201).Json.GetProperty("conversation");

        Assert.Equal((direction, $"By phone {direction}"), (Text(message, "direction"), Text(message, "subject")));
        Assert.Equal(direction == "in" ? $"{direction}@caller.example" : "support@example.test", Text(message, "fromEmail"));
        Assert.Equal("a.txt", Text(message.GetProperty("attachments")[0], "name"));
        var kept = await house.ReadAsync(db => db.Messages.SingleAsync(m => m.Id == Id(message), Cancel));
        Assert.Equal((stored, ThreadRule.ByProgram), (kept.Direction.ToString(), kept.ThreadRule));
        Assert.False(await house.ReadAsync(db => db.Outbox.AnyAsync(o => o.TicketId == mail.TicketId, Cancel)));
        Assert.Equal(2, (await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().Ticket.GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task WhatTheCustomerWroteElsewhereOpensTheTicketAgain_AndTheChangeBearsTheKey()
    {
        var ticket = (await house.ReceiveAsync("Closed before")).TicketId;
        (await Api.PatchAsync($"ticket/{ticket}", new { status = "closed" })).Ok();

        (await StoreAsync(ticket, new { direction = "in", content = new { message = "Still not here" } })).Ok(201);

        Assert.Equal("open", Text((await Api.GetAsync($"ticket/{ticket}")).Ok().Ticket, "status"));
        foreach (var kind in new[] { ActivityKind.MessageReceived, ActivityKind.TicketStatusChanged })
        {
            var entry = await house.ReadAsync(db => db.Activity.Where(e => e.TicketId == ticket && e.Kind == kind).OrderByDescending(e => e.Sequence).FirstAsync(Cancel));
            Assert.Equal(("api", true), (entry.Origin, entry.ApiKeyId is not null));
        }
    }

    [Fact]
    public async Task TheSameMessageAgainIsStoredOnce()
    {
        var mail = await house.ReceiveAsync("Twice");
        var name = $"case-{Guid.NewGuid():N}";
        var id = $"{Guid.NewGuid():N}@elsewhere.example";

        var first = (await StoreAsync(mail.TicketId, new { direction = "out", externalConversationId = name, internetMessageId = $"<{id}>", content = new { message = "Sent elsewhere" } })).Ok(201).Json;
        var byName = (await StoreAsync(mail.TicketId, new { direction = "out", externalConversationId = name, content = new { message = "Sent elsewhere" } })).Ok().Json;
        var byMessageId = (await StoreAsync(mail.TicketId, new { direction = "out", internetMessageId = id, content = new { message = "Sent elsewhere" } })).Ok().Json;
        var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StoreAsync(mail.TicketId, new { externalConversationId = name + "-note", content = new { message = "A note" } })));

        Assert.Equal([Id(first), Id(first)], [Id(byName), Id(byMessageId)]);
        Assert.Single(many.Select(answer => Id(answer.Json)).Distinct());
        Assert.Equal(3, await house.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == mail.TicketId, Cancel)));
    }

    [Fact]
    public async Task AnAnswerToWhatWasStoredFindsItsTicket()
    {
        var mail = await house.ReceiveAsync("Threads on", from: "threads@customer.example");
        var id = $"{Guid.NewGuid():N}@elsewhere.example";
        (await StoreAsync(mail.TicketId, new { direction = "out", internetMessageId = id, content = new { message = "Sent elsewhere" } })).Ok(201);

        var answer = await house.ReceiveAsync("Another subject", from: "threads@customer.example", headers: $"In-Reply-To: <{id}>\r\n");

        Assert.Equal(mail.TicketId, answer.TicketId);
    }

    [Fact]
    public async Task WhatIsKeptBesideAMessageIsGivenBackAsItCame()
    {
        var ticket = (await house.ReceiveAsync("Raw data")).TicketId;
        var stored = (await StoreAsync(ticket, new { content = new { message = "x" }, rawData = new { call = new { seconds = 90, tags = new[] { "a" } } } })).Ok(201).Json;

        var shown = (await Api.GetAsync($"ticket/{ticket}/conversation?includeRawData=true")).Ok().Json.GetProperty("conversation");
        var hidden = (await Api.GetAsync($"ticket/{ticket}/conversation")).Ok().Json.GetProperty("conversation");

        Assert.Equal(90, Find(shown, Id(stored)).GetProperty("rawData").GetProperty("call").GetProperty("seconds").GetInt32());
        Assert.Equal(JsonValueKind.Null, Find(hidden, Id(stored)).GetProperty("rawData").ValueKind);
    }

    [Theory]
    [InlineData("""{}""", "content")]
    [InlineData("""{"content":{"message":"x"},"private":true,"direction":"in"}""", "private")]
    [InlineData("""{"content":{"message":"x"},"from":"a@b.example\r\nBcc: c@d.example"}""", "from")]
    [InlineData("""{"content":{"message":"x"},"subject":"a\nBcc: c@d.example"}""", "subject")]
    [InlineData("""{"content":{"message":"x"},"internetMessageId":"a b"}""", "internetMessageId")]
    [InlineData("""{"content":{"message":"x"},"internetMessageId":"a@[b"}""", "internetMessageId")]
    [InlineData("""{"content":{"message":"x"},"Private":false}""", "Private")]
    [InlineData("""{"content":{"message":"x"},"process":"soon"}""", "process")]
    public async Task WhatIsWrongIsNamed(string body, string field)
    {
        var ticket = (await house.ReceiveAsync("Wrong")).TicketId;
        using StringContent json = new(body, Encoding.UTF8, "application/json");

        Assert.NotEmpty((await Api.PostAsync($"ticket/{ticket}/conversation/store", json)).Problem(400).Error(field));
    }

    [Fact]
    public async Task ANoteIsChangedByItsAuthor_AndByNobodyElseWhoIsNoAdmin()
    {
        var ticket = (await house.ReceiveAsync("A note is changed")).TicketId;
        var mine = Id((await StoreAsync(ticket, new { content = new { message = "First" } })).Ok(201).Json);
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Write);

        var changed = (await Api.PatchAsync($"ticket/{ticket}/conversation/{mine}", new { content = new { message = "Second" } })).Ok().Json.GetProperty("conversation");

        Assert.Contains("Second", Text(changed, "bodyPlain"), StringComparison.Ordinal);
        (await agent.PatchAsync($"ticket/{ticket}/conversation/{mine}", new { content = new { message = "Third" } })).Problem(403);
    }

    [Fact]
    public async Task OfChangesAtTheSameTimeOneIsTheLast()
    {
        var ticket = (await house.ReceiveAsync("Changed by many")).TicketId;
        var note = Id((await StoreAsync(ticket, new { content = new { message = "First" } })).Ok(201).Json);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Api.PatchAsync($"ticket/{ticket}/conversation/{note}", new { content = new { message = $"Version {number}" } })));

        Assert.All(answers, answer => answer.Ok());
        Assert.Contains("Version ", Text((await Api.GetAsync($"ticket/{ticket}/conversation/{note}")).Ok().Json.GetProperty("conversation"), "bodyPlain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MailStaysAsItWasWritten()
    {
        var mail = await house.ReceiveAsync("Written");

        (await Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{mail.MessageId}", new { content = new { message = "Forged" } })).Problem(409);
        (await Api.PatchAsync($"ticket/{mail.TicketId}/conversation/{mail.MessageId}", new { deliveryState = "sent" })).Problem(409);
    }

    [Fact]
    public async Task ADraftIsListedChangedAndPublished_WhichSendsIt()
    {
        var mail = await house.ReceiveAsync("A draft by program", from: "draft@customer.example");
        var writer = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Write | ApiScopes.Send);
        var mayNotSend = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Write);
        var path = $"ticket/{mail.TicketId}/conversation";

        var draft = Id((await writer.PostAsync($"{path}/reply", new { content = new { message = "Later" }, isDraft = true })).Ok().Json);
        var listed = (await writer.GetAsync(path)).Ok().Json;
        (await writer.PatchAsync($"{path}/{draft}", new { content = new { message = "Now" }, cc = new[] { "copy@customer.example" } })).Ok();
        (await mayNotSend.PatchAsync($"{path}/{draft}", new { isDraft = false })).Problem(403);
        (await Api.GetAsync($"{path}/{draft}")).Problem(404);
        var sent = (await writer.PatchAsync($"{path}/{draft}", new { isDraft = false })).Ok().Json;

        Assert.True(draft < 0);
        Assert.Equal(2, listed.GetProperty("total").GetInt32());
        Assert.True(Find(listed.GetProperty("conversation"), draft).GetProperty("isDraft").GetBoolean());
        Assert.True(Id(sent) > 0);
        Assert.Contains("Now", Text(sent.GetProperty("conversation"), "bodyPlain"), StringComparison.Ordinal);
        Assert.Equal("copy@customer.example", sent.GetProperty("conversation").GetProperty("ccEmails")[0].GetString());
        (await writer.GetAsync($"{path}/{draft}")).Problem(404);
    }

    [Fact]
    public async Task APrivateReplyIsANoteAndNeverLeaves()
    {
        var mail = await house.ReceiveAsync("Private");
        var path = $"ticket/{mail.TicketId}/conversation";

        var note = (await Api.PostAsync($"{path}/reply", new { content = new { message = "Between us" }, @private = true })).Ok().Json;
        var draft = Id((await Api.PostAsync($"{path}/reply", new { content = new { message = "Not yet" }, @private = true, isDraft = true })).Ok().Json);
        var published = (await Api.PatchAsync($"{path}/{draft}", new { isDraft = false })).Ok().Json.GetProperty("conversation");

        Assert.Equal("internal", Text(note.GetProperty("conversation"), "direction"));
        Assert.Equal("internal", Text(published, "direction"));
        Assert.False(await house.ReadAsync(db => db.Outbox.AnyAsync(o => o.TicketId == mail.TicketId, Cancel)));
    }

    [Fact]
    public async Task AnAnswerLeavesFromTheMailboxOfItsTicketOnly()
    {
        var ticket = (await house.ReceiveAsync("From here")).TicketId;

        (await Api.PostAsync($"ticket/{ticket}/conversation/reply", new { content = new { message = "x" }, subchannelId = house.Sales })).Problem(422);
        (await Api.PostAsync($"ticket/{ticket}/conversation/reply", new { content = new { message = "x" }, subchannelId = house.Support })).Ok();
    }

    private static long Id(JsonElement json) => json.GetProperty("id").GetInt64();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static JsonElement Find(JsonElement messages, long id) => messages.EnumerateArray().Single(message => Id(message) == id);

    private Task<ApiReply> StoreAsync(long ticket, object message) => Api.PostAsync($"ticket/{ticket}/conversation/store", message);
}
