using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Mailboxes;
using Enneo.Core.Messages;
using Enneo.Core.Sending;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What programs read of tickets.</summary>
[Collection(ApiCollection.Name)]
public sealed class TicketReadTests(ApiHouse house)
{
    private ApiClient Api => house.Service;

    [Fact]
    public async Task AWholeTicketIsWhatItsFirstMailSays()
    {
        var received = await house.ReceiveAsync("A parcel", text: "Where is it?\r\n\r\nOn Sunday you wrote:\r\n> It is on its way.");

        var answer = (await Api.GetAsync($"ticket/{received.TicketId}")).Ok();

        var ticket = answer.Ticket;
        Assert.True(answer.Json.GetProperty("success").GetBoolean());
        Assert.Equal("in", ticket.GetProperty("direction").GetString());
        Assert.Equal(ApiHouse.Customer, ticket.GetProperty("from").GetString());
        Assert.Equal("Jonas", ticket.GetProperty("fromName").GetString());
        Assert.Equal("support@example.test", ticket.GetProperty("to")[0].GetString());
        Assert.Equal("open", ticket.GetProperty("status").GetString());
        Assert.Equal("email", ticket.GetProperty("channel").GetString());
        Assert.Equal("A parcel", ticket.GetProperty("subject").GetString());
        Assert.Contains("on its way", ticket.GetProperty("bodyPlain").GetString(), StringComparison.Ordinal);
        Assert.Equal("Where is it?", ticket.GetProperty("bodyClean").GetString());
        Assert.Equal(ApiHouse.Customer, ticket.GetProperty("customer").GetProperty("email").GetString());
        Assert.EndsWith("Z", ticket.GetProperty("createdAt").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysSinceWhenAMailIsDeletedAndWhenAnAnswerLeavesByItself()
    {
        var received = await house.ReceiveAsync("Thrown away");
        Assert.Equal(JsonValueKind.Null, (await MessageAsync()).GetProperty("deletedAt").ValueKind);
        var leaves = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);
        await house.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                MailFolder trash = new() { MailboxId = house.Support, FullName = "Bin", Role = FolderRole.Trash, Separator = "/" };
                db.Folders.Add(trash);
                await db.SaveChangesAsync(token);
                await db.MessageFolders.Where(p => p.MessageId == received.MessageId).ExecuteDeleteAsync(token);
                db.MessageFolders.Add(new MessageFolder { MessageId = received.MessageId, FolderId = trash.Id });
                db.Activity.Add(ActivityEntry.Of(ActivityKind.MessageMoved, Actor.Operator, "test", house.Get<TimeProvider>(), house.Support, received.TicketId, received.MessageId));
                db.Outbox.Add(new OutgoingMessage
                {
                    MailboxId = house.Support,
                    TicketId = received.TicketId,
                    MessageId = received.MessageId,
                    DraftId = -received.MessageId,
                    InternetMessageId = "later@example.test",
                    AuthorId = 0,
                    Recipients = [],
                    CreatedAt = leaves,
                    NextAttemptAt = leaves,
                });
                await db.SaveChangesAsync(token);
            },
            TestContext.Current.CancellationToken);

        var message = await MessageAsync();
        Assert.True(message.GetProperty("deletedAt").GetDateTimeOffset() >= message.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(leaves, (await Api.GetAsync($"ticket/{received.TicketId}")).Ok().Ticket.GetProperty("autoExecuteAt").GetDateTimeOffset());

        async Task<JsonElement> MessageAsync() => (await Api.GetAsync($"ticket/{received.TicketId}/conversation")).Ok().Json.GetProperty("conversation")[0];
    }

    [Fact]
    public async Task AnETagHoldsAsLongAsTheTicketIsWhatItWas()
    {
        var received = await house.ReceiveAsync("Tagged");
        var path = $"ticket/{received.TicketId}";
        await house.ProcessedAsync(received.MessageId);
        var first = (await Api.GetAsync(path)).Ok();

        Assert.Equal(304, (await Api.GetAsync(path, ("If-None-Match", first.ETag!))).Status);
        (await Api.PatchAsync(path, new { status = "pending" })).Ok();

        var second = (await Api.GetAsync(path, ("If-None-Match", first.ETag!))).Ok();
        Assert.NotEqual(first.ETag, second.ETag);
    }

    [Fact]
    public async Task HtmlIsHarmlessAndItsPicturesHaveAnAddress()
    {
        var received = await house.ReceiveAsync(
            "Pictures",
            type: "multipart/related; boundary=b",
            text: "--b\r\nContent-Type: text/html\r\n\r\n<p onclick=\"evil()\">Hello <img src=\"cid:dot\"></p><script>evil()</script>\r\n--b\r\nContent-Type: image/png\r\nContent-ID: <dot>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--");

        var message = (await Api.GetAsync($"ticket/{received.TicketId}/conversation")).Ok().Json.GetProperty("conversation")[0];

        var body = message.GetProperty("body").GetString()!;
        Assert.Equal("html", message.GetProperty("type").GetString());
        Assert.DoesNotContain("evil", body, StringComparison.Ordinal);
        var address = message.GetProperty("attachments")[0].GetProperty("url").GetString()!;
        Assert.Contains(address, body, StringComparison.Ordinal);
        var picture = (await Api.GetAsync(address["/api/mind/".Length..])).Ok();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.Bytes[..4]);
        Assert.Equal("application/octet-stream", picture.Type);
        Assert.StartsWith("attachment", picture.Headers["Content-Disposition"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSourceOfAMailIsWhatCame()
    {
        var received = await house.ReceiveAsync("Raw", text: "As it came");

        var source = (await Api.GetAsync($"ticket/{received.TicketId}/conversation/{received.MessageId}/raw")).Ok();

        Assert.Equal("message/rfc822", source.Type);
        Assert.EndsWith("As it came\r\n", source.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AMessageIsFoundInItsOwnTicketOnly()
    {
        var (one, other) = (await house.ReceiveAsync("One"), await house.ReceiveAsync("Other"));

        (await Api.GetAsync($"ticket/{one.TicketId}/conversation/{one.MessageId}")).Ok();
        (await Api.GetAsync($"ticket/{other.TicketId}/conversation/{one.MessageId}")).Problem(404);
        (await Api.GetAsync($"ticket/{other.TicketId}/conversation/{one.MessageId}/raw")).Problem(404);
        (await Api.GetAsync($"ticket/{other.TicketId}/conversation/{one.MessageId}/attachment/0")).Problem(404);
    }

    [Fact]
    public async Task ATicketThatWasMergedAnswersAsTheOneItIsNow()
    {
        var (one, other) = (await house.ReceiveAsync("Stays"), await house.ReceiveAsync("Goes", from: "anna@customer.example"));
        var merged = await house.Get<Core.Tickets.Editing.TicketRegrouping>().MergeAsync([one.TicketId, other.TicketId], Core.Activity.Actor.User(house.AdminId), "test", TestContext.Current.CancellationToken);
        Assert.NotNull(merged.Done);

        var answers = new[] { (await Api.GetAsync($"ticket/{one.TicketId}")).Ok().Ticket, (await Api.GetAsync($"ticket/{other.TicketId}")).Ok().Ticket };

        Assert.Single(answers, ticket => ticket.GetProperty("mergedInto").ValueKind is JsonValueKind.Null);
        foreach (var id in new[] { one.TicketId, other.TicketId })
        {
            (await Api.GetAsync($"ticket/{id}/conversation")).Ok();
            (await Api.GetAsync($"ticket/{id}/activity")).Ok();
            (await Api.GetAsync($"ticket/{id}/history")).Ok();
            (await Api.PatchAsync($"ticket/{id}", new { priority = "high" })).Ok();
            (await Api.PostAsync($"ticket/{id}/conversation/reply", new { content = new { message = "To whichever it is" } })).Ok();
        }
        Assert.Equal(answers[0].GetProperty("id").GetInt64(), answers[1].GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task WhatHappenedIsTold()
    {
        var received = await house.ReceiveAsync("Told");
        (await Api.PatchAsync($"ticket/{received.TicketId}", new { status = "closed" })).Ok();

        var activity = (await Api.GetAsync($"ticket/{received.TicketId}/activity")).Ok().Json.GetProperty("activity");

        var closed = activity.EnumerateArray().Single(entry => entry.GetProperty("event").GetString() == "ticketStatusChanged");
        Assert.Equal(("ticketStatusChanged", "key", "api"), (closed.GetProperty("event").GetString(), closed.GetProperty("actor").GetString(), closed.GetProperty("origin").GetString()));
        Assert.Equal("closed", closed.GetProperty("changes").GetProperty("status")[1].GetString());
    }

    [Fact]
    public async Task TheHistoryOfACustomerIsAllTheirTickets()
    {
        var (one, other) = (await house.ReceiveAsync("First", from: "history@customer.example"), await house.ReceiveAsync("Second", from: "history@customer.example"));

        var history = (await Api.GetAsync($"ticket/{one.TicketId}/history?limit=10")).Ok().Json;

        Assert.Equal("history@customer.example", history.GetProperty("customer").GetProperty("email").GetString());
        Assert.Equal([one.TicketId, other.TicketId], history.GetProperty("tickets").EnumerateArray().Select(ticket => ticket.GetProperty("id").GetInt64()).Order());
    }

    [Fact]
    public async Task StatsCountWhatTheCallerSees()
    {
        await house.ReceiveAsync("Counted", house.Sales);
        var limited = await house.ServiceAsync(ApiScopes.Read, house.Sales);

        var all = (await Api.GetAsync("ticket/stats")).Ok().Json;
        var some = (await limited.GetAsync("ticket/stats")).Ok().Json;

        Assert.Equal([house.Sales], some.GetProperty("subchannels").EnumerateArray().Select(mailbox => mailbox.GetProperty("subchannelId").GetInt64()));
        Assert.Contains(all.GetProperty("subchannels").EnumerateArray(), mailbox => mailbox.GetProperty("subchannelId").GetInt64() == house.Sales);
    }

    [Fact]
    public async Task SubchannelsAreListedWithoutSecrets_AndWithoutServersForThoseWhoDoNotSetThemUp()
    {
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Read);

        var theirs = (await agent.GetAsync("settings/subchannel")).Ok();
        var mine = (await Api.GetAsync($"settings/subchannel/{house.Support}")).Ok();

        var only = theirs.Json.GetProperty("subchannels").EnumerateArray().Single(mailbox => mailbox.GetProperty("id").GetInt64() == house.Support);
        Assert.DoesNotContain(theirs.Json.GetProperty("subchannels").EnumerateArray(), mailbox => mailbox.GetProperty("id").GetInt64() == house.Sales);
        Assert.Equal("support@example.test", only.GetProperty("data").GetProperty("address").GetString());
        Assert.Equal(JsonValueKind.Null, only.GetProperty("data").GetProperty("imap").ValueKind);
        Assert.Equal("api", mine.Json.GetProperty("subchannel").GetProperty("data").GetProperty("method").GetString());
        Assert.Equal(0, mine.Json.GetProperty("subchannel").GetProperty("status").GetProperty("ledger").GetProperty("difference").GetInt32());
        Assert.DoesNotContain("assword", mine.Text, StringComparison.Ordinal);
        (await agent.GetAsync($"settings/subchannel/{house.Sales}")).Problem(404);
    }
}
