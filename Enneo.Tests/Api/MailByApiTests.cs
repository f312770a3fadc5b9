using System.Text;
using System.Text.Json;
using Enneo.Core.Identity.ApiKeys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Api;

/// <summary>Mail that programs bring, and mail that they send.</summary>
[Collection(ApiCollection.Name)]
public sealed class MailByApiTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task AMailByItsFieldsBecomesATicket()
    {
        var created = (await Api.PostAsync("ticket", new
        {
            subchannelId = house.Support,
            from = "form@customer.example",
            fromName = "Mia",
            subject = "By the form",
            body = "<p>Hello <b>there</b></p>",
            externalConversationId = "form-1",
            attachments = new[] { new { name = "order.txt", base64 = Convert.ToBase64String("A file"u8) } },
        })).Ok(201);

        var (ticket, message) = (created.Json.GetProperty("id").GetInt64(), created.Json.GetProperty("conversationId").GetInt64());
        Assert.EndsWith($"/ticket/{ticket}", created.Headers["Location"], StringComparison.Ordinal);
        var read = (await Api.GetAsync($"ticket/{ticket}/conversation/{message}")).Ok().Json.GetProperty("conversation");
        Assert.Equal(("form@customer.example", "Mia", "By the form", "form-1"), (Text(read, "fromEmail"), Text(read, "fromEmailName"), Text(read, "subject"), Text(read, "externalConversationId")));
        Assert.Contains("<b>there</b>", Text(read, "body"), StringComparison.Ordinal);
        Assert.Equal("A file", (await Api.GetAsync(Text(read.GetProperty("attachments")[0], "url")["/api/mind/".Length..])).Ok().Text);
    }

    [Fact]
    public async Task AMailByItsSourceTakesTheWayOfFetchedMail()
    {
        var source = Encoding.UTF8.GetBytes("From: spammer@bad.example\r\nTo: support@example.test\r\nSubject: Win\r\nMessage-ID: <win@bad.example>\r\nX-Spam-Flag: YES\r\n\r\nA prize\r\n");

        var first = (await Api.PostAsync("ticket", new { subchannelId = house.Support, source = Convert.ToBase64String(source) })).Ok(201).Json;
        var again = (await Api.PostAsync("ticket", new { subchannelId = house.Support, source = Convert.ToBase64String(source) })).Ok().Json;

        Assert.Equal(Id(first), Id(again));
        Assert.Equal("auto_spam", Text((await Api.GetAsync($"ticket/{Id(first)}")).Ok().Ticket, "spamStatus"));
        Assert.Equal(0, (await Api.GetAsync($"settings/subchannel/{house.Support}")).Ok().Json.GetProperty("subchannel").GetProperty("status").GetProperty("ledger").GetProperty("difference").GetInt32());
    }

    [Fact]
    public async Task AnEarlierExternalIdIsChangedInstead()
    {
        var mine = await house.ServiceAsync(ApiScopes.Read | ApiScopes.Write);
        var created = (await mine.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "First", body = "x", externalTicketId = "case-7" })).Ok(201).Json;

        var changed = (await mine.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "Second", body = "x", externalTicketId = "case-7", status = "closed" })).Ok().Json;

        Assert.Equal(Id(created), Id(changed));
        var ticket = (await mine.GetAsync($"ticket/{Id(created)}")).Ok().Ticket;
        Assert.Equal(("Second", "closed", 1), (Text(ticket, "subject"), Text(ticket, "status"), ticket.GetProperty("messageCount").GetInt32()));
    }

    [Fact]
    public async Task AMailThatIsHereAlreadyGetsTheIdAndNoSecondTicket()
    {
        var mail = await house.ReceiveAsync("Came by itself");
        var number = await house.ReadAsync(db => db.Messages.Where(m => m.Id == mail.MessageId).Select(m => m.InternetMessageId).SingleAsync(Cancel));

        var named = (await Api.PostAsync("ticket", new { subchannelId = house.Support, internetMessageId = $"<{number}>", externalTicketId = $"crm-{mail.TicketId}" })).Ok().Json;

        Assert.Equal(mail.TicketId, Id(named));
        Assert.Equal($"crm-{mail.TicketId}", Text((await Api.GetAsync($"ticket/{mail.TicketId}")).Ok().Ticket, "externalTicketId"));
    }

    [Fact]
    public async Task ManyAtOnceAreEachOneTicket()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
            Id((await Api.PostAsync("ticket", new { subchannelId = house.Support, from = $"many{number}@customer.example", subject = $"Many {number}", body = "x" })).Ok(201).Json)));

        Assert.Equal(40, created.Distinct().Count());
        Assert.Equal(40, await house.ReadAsync(db => db.Messages.CountAsync(m => m.FromAddress.StartsWith("many"), Cancel)));
    }

    [Fact]
    public async Task AFileThatCannotBeFetchedFailsTheWhole()
    {
        await using var files = await FilesAsync();
        var before = await house.ReadAsync(db => db.Tickets.CountAsync(Cancel));

        foreach (var url in new[] { $"http://localhost:{ApiHouse.FilePort}/missing", "http://127.0.0.1:22/", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "no address" })
        {
            var refused = (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x", attachments = new object[] { new { name = "a.txt", base64 = "QQ==" }, new { url } } })).Problem(422);
            Assert.NotEmpty(refused.Error("attachments[1]"));
        }

        Assert.Equal(before, await house.ReadAsync(db => db.Tickets.CountAsync(Cancel)));
        var taken = (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x", attachments = new[] { new { url = $"http://localhost:{ApiHouse.FilePort}/good.txt" } } })).Ok(201).Json;
        Assert.Equal("good.txt", Text((await Api.GetAsync($"ticket/{Id(taken)}")).Ok().Ticket.GetProperty("attachments")[0], "name"));
    }

    [Theory]
    [InlineData("""{"subchannelId":0,"from":"a@b.example"}""", 422, "subchannelId")]
    [InlineData("""{"from":"a@b.example"}""", 400, "subchannelId")]
    [InlineData("""{"subchannelId":1,"from":"nobody"}""", 400, "from")]
    [InlineData("""{"subchannelId":1,"from":"a@b.example\r\nBcc: c@d.example"}""", 400, "from")]
    [InlineData("""{"subchannelId":1,"from":"a@b.example","subject":"a\r\nBcc: c@d.example"}""", 400, "subject")]
    [InlineData("""{"subchannelId":1,"source":"%%%"}""", 400, "source")]
    [InlineData("""{"subchannelId":1,"from":"a@b.example","attachments":[{"name":"a"}]}""", 400, "attachments")]
    [InlineData("""{"subchannelId":1,"from":"a@b.example","createdAt":"yesterday"}""", 400, "createdAt")]
    [InlineData("""{"subchannelId":1,"direction":"sideways"}""", 400, "direction")]
    public async Task WhatIsWrongIsNamed(string body, int status, string field)
    {
        using StringContent json = new(body, Encoding.UTF8, "application/json");

        Assert.NotEmpty((await Api.PostAsync("ticket", json)).Problem(status).Error(field));
    }

    [Fact]
    public async Task AReplyGoesToTheOutboxAtOnceAndAnswersTheCustomer()
    {
        var mail = await house.ReceiveAsync("A question", from: "asks@customer.example");

        var sent = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new
        {
            content = new { message = "Here it is." },
            cc = new[] { "copy@customer.example" },
            attachments = new[] { new { name = "a.txt", base64 = "QQ==" } },
        })).Ok().Json;

        var message = sent.GetProperty("conversation");
        Assert.Equal(("out", "Re: A question", "support@example.test"), (Text(message, "direction"), Text(message, "subject"), Text(message, "fromEmail")));
        Assert.Equal(["asks@customer.example", "copy@customer.example"], message.GetProperty("toEmail").EnumerateArray().Concat(message.GetProperty("ccEmails").EnumerateArray()).Select(address => address.GetString()));
        Assert.Equal("a.txt", Text(message.GetProperty("attachments")[0], "name"));
        Assert.Contains("Here it is.", Text(message, "bodyPlain"), StringComparison.Ordinal);
        var outgoing = await house.ReadAsync(db => db.Outbox.SingleAsync(o => o.MessageId == sent.GetProperty("id").GetInt64(), Cancel));
        Assert.True(outgoing.NextAttemptAt - outgoing.CreatedAt < TimeSpan.FromSeconds(1) || outgoing.Attempts > 0); // no time to undo
    }

    [Fact]
    public async Task ADraftIsKeptAndNotSent_BesideTheOneThatItsAuthorWrites()
    {
        var mail = await house.ReceiveAsync("A draft");
        var agent = await house.PersonAsync(house.AgentId, ApiScopes.Read | ApiScopes.Send);
        var own = (await house.Get<Core.Sending.Drafts>().StartReplyAsync(mail.MessageId, Core.Sending.DraftMode.Reply, house.AgentId, Cancel))!;

        var kept = (await agent.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "Later" }, isDraft = true })).Ok().Json;

        Assert.True(kept.GetProperty("isDraft").GetBoolean());
        Assert.NotEqual(own.Id, -Id(kept));
        Assert.Contains("Later", (await house.Get<Core.Sending.Drafts>().FindAsync(-Id(kept), house.AgentId, Cancel))!.Html, StringComparison.Ordinal);
        Assert.False(await house.ReadAsync(db => db.Outbox.AnyAsync(o => o.TicketId == mail.TicketId, Cancel)));
    }

    [Fact]
    public async Task WhatCannotBeSentLeavesNothingBehind()
    {
        var mail = await house.ReceiveAsync("Refused");
        var before = await house.ReadAsync(db => db.Drafts.CountAsync(Cancel));

        (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "x" }, subject = "a\r\nBcc: c@d.example" })).Problem(422);
        (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "x" }, to = new[] { "nobody" } })).Problem(400);
        (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "" } })).Problem(400);

        Assert.Equal(before, await house.ReadAsync(db => db.Drafts.CountAsync(Cancel)));
    }

    [Fact]
    public async Task AMailIsForwarded()
    {
        var mail = await house.ReceiveAsync("For the carrier", text: "The parcel is lost");

        var sent = (await Api.PostAsync($"ticket/{mail.TicketId}/forward", new { toEmail = "carrier@example.net", body = "Please look." })).Ok().Json.GetProperty("conversation");

        Assert.Equal("carrier@example.net", sent.GetProperty("toEmail")[0].GetString());
        Assert.Contains("The parcel is lost", Text(sent, "bodyPlain"), StringComparison.Ordinal);
        Assert.Contains("Please look.", Text(sent, "bodyPlain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATicketThatGoesOutIsSent()
    {
        var writer = await house.ServiceAsync(ApiScopes.Write);
        var wanted = new { direction = "out", subchannelId = house.Support, to = new[] { "new@customer.example" }, subject = "We write first", body = "Hello" };
        (await writer.PostAsync("ticket", wanted)).Problem(403);

        var created = (await Api.PostAsync("ticket", wanted)).Ok(201).Json;

        var ticket = (await Api.GetAsync($"ticket/{Id(created)}")).Ok().Ticket;
        Assert.Equal(("out", "We write first"), (Text(ticket, "direction"), Text(ticket, "subject")));
        Assert.NotEqual(JsonValueKind.Null, created.GetProperty("deliveryState").ValueKind);
        Assert.Equal((Id(created), "We write first"), (Id(created.GetProperty("ticket")), Text(created.GetProperty("conversation"), "subject")));
        Assert.Equal(1, await house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == Id(created), Cancel)));
    }

    [Fact]
    public async Task ARepeatedRequestIsDoneOnceAndAnsweredTheSame()
    {
        var mail = await house.ReceiveAsync("Once");
        var key = Guid.NewGuid().ToString();
        var path = $"ticket/{mail.TicketId}/conversation/reply";

        var first = (await Api.PostAsync(path, new { content = new { message = "Once" } }, ("Idempotency-Key", key))).Ok();
        var again = (await Api.PostAsync(path, new { content = new { message = "Once" } }, ("Idempotency-Key", key))).Ok();

        Assert.Equal(Id(first.Json), Id(again.Json));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(1, await house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == mail.TicketId, Cancel)));
        (await Api.PostAsync(path, new { content = new { message = "Another" } }, ("Idempotency-Key", key))).Problem(422);
        (await (await house.ServiceAsync(ApiScopes.Send)).PostAsync(path, new { content = new { message = "Mine" } }, ("Idempotency-Key", key))).Ok();
    }

    [Fact]
    public async Task ARequestThatIsNotAnsweredIsNotDoneTwice()
    {
        var mail = await house.ReceiveAsync("Interrupted");
        var key = Guid.NewGuid().ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "Once" } }, ("Idempotency-Key", key))));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { 200, 409 }));
        Assert.Equal(1, await house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == mail.TicketId, Cancel)));
    }

    [Fact]
    public async Task ARefusedRequestMayBeCorrectedUnderItsKey()
    {
        var mail = await house.ReceiveAsync("Corrected");
        var key = Guid.NewGuid().ToString();
        var path = $"ticket/{mail.TicketId}/conversation/reply";

        (await Api.PostAsync(path, new { content = new { message = "x" }, subject = "a\r\nb" }, ("Idempotency-Key", key))).Problem(422);

        (await Api.PostAsync(path, new { content = new { message = "x" } }, ("Idempotency-Key", key))).Ok();
    }

    [Fact]
    public async Task TagsAndMailboxesHaveTheirWholeLife()
    {
        var parent = Id((await Api.PostAsync("tag", new { name = $"Parent {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag"));
        var name = $"Child {Guid.NewGuid():N}";
        var tag = (await Api.PostAsync("tag", new { name, parent, color = "red", type = "skill", detectionDetails = new { mode = "conditions", conditions = new { any = true, tests = new[] { new { field = "subject", @operator = "contains", values = new[] { "refund" } } } } } })).Ok(201).Json.GetProperty("tag");
        Assert.EndsWith($" / {name}", Text(tag, "fullName"), StringComparison.Ordinal);
        Assert.Equal("refund", tag.GetProperty("detectionDetails").GetProperty("conditions").GetProperty("tests")[0].GetProperty("values")[0].GetString());
        Assert.NotEmpty((await Api.PostAsync("tag", new { name, parent })).Problem(422).Error("name"));
        Assert.Equal("blue", Text((await Api.PutAsync($"tag/{Id(tag)}", new { name, parent, color = "blue" })).Ok().Json.GetProperty("tag"), "color"));
        Assert.Contains((await Api.GetAsync("tag/tree")).Ok().Json.GetProperty("tree").EnumerateArray(), node => Id(node) == parent && Id(node.GetProperty("children")[0]) == Id(tag));
        (await Api.DeleteAsync($"tag/{Id(tag)}")).Ok();
        (await Api.GetAsync($"tag/{Id(tag)}")).Problem(404);

        var address = $"{Guid.NewGuid():N}@example.test";
        var imap = new { name = "Secret", data = new { method = "imap", address, imap = new { host = "imap.example.test", user = "u", password = "hunter2-imap" }, smtp = new { host = "smtp.example.test", password = "hunter2-smtp" } }, enabled = false };
        var made = (await Api.PostAsync("settings/subchannel", imap)).Ok(201);
        Assert.DoesNotContain("hunter2", made.Text, StringComparison.Ordinal);
        Assert.Equal("imap.example.test", Text(made.Json.GetProperty("subchannel").GetProperty("data").GetProperty("imap"), "host"));
        Assert.NotEmpty((await Api.PostAsync("settings/subchannel", imap)).Problem(422).Error("data.address"));
        var mailbox = Id(made.Json.GetProperty("subchannel"));
        (await Api.DeleteAsync($"settings/subchannel/{mailbox}")).Ok();
        (await Api.GetAsync($"settings/subchannel/{mailbox}")).Problem(404);
    }

    private static long Id(JsonElement json) => json.GetProperty("id").GetInt64();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<WebApplication> FilesAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://localhost:{ApiHouse.FilePort}"));
        var files = builder.Build();
        files.MapGet("/good.txt", () => Results.Text("A file"));
        await files.StartAsync(Cancel);
        return files;
    }
}
