using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Enneo.Tests.Api;

/// <summary>What comes again for what is here: what of it is not read is named, and no file is fetched for it.</summary>
[Collection(ApiCollection.Name)]
public sealed class KnownTicketTests(ApiHouse house)
{
    private readonly string _name = $"crm-{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task WhatIsSaidOfAMailOfATicketThatIsHereIsNamedAsNotRead()
    {
        (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "First", body = "x", externalTicketId = _name })).Ok(201);

        var again = await Api.PostAsync(
            "ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "Second", body = "y", priority = "high", externalTicketId = _name, attachments = new[] { new { name = "a.txt", base64 = "QQ==" } }, brand = "x" });

        Assert.Equal(["from", "body", "attachments", "brand"], Warnings(again));
        var ticket = (await Api.GetAsync($"ticket/{again.Ok().Json.GetProperty("id").GetInt64()}")).Ok().Ticket;
        Assert.Equal(("Second", "high"), (ticket.GetProperty("subject").GetString(), ticket.GetProperty("priority").GetString()));
        Assert.Empty(Warnings(await Api.PostAsync("ticket", new { subchannelId = house.Support, priority = "low", internetMessageId = (string?)null, from = ApiHouse.Customer, externalTicketId = _name + "2", body = "x" })));
    }

    [Fact]
    public async Task AMailThatWouldHaveBeenSentIsNamedToo_AlsoWhenTheRequestIsRepeatedByItsKey()
    {
        object wanted = new { direction = "out", subchannelId = house.Support, to = new[] { ApiHouse.Customer }, subject = "We write", body = "x", externalTicketId = _name };
        (await Api.PostAsync("ticket", wanted)).Ok(201);

        var answers = new[] { await Api.PostAsync("ticket", wanted, ("Idempotency-Key", _name)), await Api.PostAsync("ticket", wanted, ("Idempotency-Key", _name)) };

        Assert.All(answers, answer => Assert.Equal(["direction", "to", "body"], Warnings(answer)));
        var ticket = answers[0].Ok().Json.GetProperty("id").GetInt64();
        Assert.Equal(1, await house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == ticket, Cancel)));
    }

    [Fact]
    public async Task WhatIsHereIsFoundBeforeItsFilesAreFetched_WhichMayBeGone()
    {
        var mail = await house.ReceiveAsync("Files that go");
        object[] attachments = [new { name = "a.txt", url = FormattableString.Invariant($"http://localhost:{ApiHouse.FilePort}/a.txt") }];
        (string Path, object Body)[] requests =
        [
            ($"ticket/{mail.TicketId}/conversation/store", new { content = new { message = "Note" }, externalConversationId = $"{_name}-note", attachments }),
            ($"ticket/{mail.TicketId}/conversation/store", new { direction = "in", content = new { message = "In" }, externalConversationId = $"{_name}-in", attachments }),
            ($"ticket/{mail.TicketId}/conversation/reply", new { content = new { message = "Reply" }, externalConversationId = $"{_name}-reply", attachments }),
            ("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "New", externalConversationId = $"{_name}-new", attachments }),
            ("ticket", new { direction = "out", subchannelId = house.Support, to = new[] { ApiHouse.Customer }, subject = "Out", body = "x", externalConversationId = $"{_name}-out", attachments }),
        ];
        List<long> first = [];
        await using (await ServeAsync())
        {
            foreach (var (path, body) in requests)
            {
                var answer = await Api.PostAsync(path, body);
                Assert.True(answer.Status is 200 or 201, answer.Text);
                first.Add(answer.Json.GetProperty("id").GetInt64());
            }
        }

        foreach (var (index, (path, body)) in requests.Index())
        {
            Assert.Equal(first[index], (await Api.PostAsync(path, body)).Ok().Json.GetProperty("id").GetInt64());
        }

        (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "New", externalConversationId = $"{_name}-other", attachments })).Problem(422);
    }

    private static IReadOnlyList<string> Warnings(ApiReply answer) =>
        answer.Json.TryGetProperty("warnings", out var warnings) ? [.. warnings.EnumerateArray().Select(warning => warning.GetString()!.Split('"')[1])] : [];

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://localhost:{ApiHouse.FilePort}"));
        var files = builder.Build();
        files.MapGet("/a.txt", () => Results.Text("A file"));
        await files.StartAsync(Cancel);
        return files;
    }
}
