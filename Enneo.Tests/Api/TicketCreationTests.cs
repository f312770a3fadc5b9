using System.Text;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Templates;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>A mail and all that is said of its ticket come in together, or nothing does.</summary>
[Collection(ApiCollection.Name)]
public sealed class TicketCreationTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task AllThatIsSaidOfATicketIsThereWithIt()
    {
        var tag = Id((await Api.PostAsync("tag", new { name = $"Said {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag"));

        var created = (await Api.PostAsync("ticket", new
        {
            subchannelId = house.Support,
            from = ApiHouse.Customer,
            subject = "All of it",
            body = "x",
            priority = "urgent",
            channel = "walkIn",
            status = "pending",
            firstResponseDueBy = "2027-01-02 10:00:00",
            dueBy = 1798970400,
            tags = new[] { tag },
            assignee = house.AgentId,
            contractId = "C-17",
            additionalData = new { plan = "gold" },
            rawData = new[] { 1, 2 },
        })).Ok(201).Json;

        var ticket = (await Api.GetAsync($"ticket/{Id(created)}")).Ok().Ticket;
        Assert.Equal(("urgent", "walkIn", "pending", "C-17"), (Text(ticket, "priority"), Text(ticket, "channel"), Text(ticket, "status"), Text(ticket, "contractId")));
        Assert.Equal("2027-01-02T10:00:00Z", Text(ticket, "firstResponseDueBy"));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1798970400), ticket.GetProperty("dueBy").GetDateTimeOffset());
        Assert.Equal("gold", ticket.GetProperty("additionalData").GetProperty("plan").GetString());
        Assert.Contains(tag, ticket.GetProperty("tags").EnumerateArray().Select(id => id.GetInt64()));
        Assert.Equal([house.AgentId], ticket.GetProperty("workedOnBy").EnumerateArray().Select(id => id.GetInt64()));
        var raw = (await Api.GetAsync($"ticket/{Id(created)}/conversation?includeRawData=true")).Ok().Json.GetProperty("conversation")[0].GetProperty("rawData");
        Assert.Equal("[1,2]", raw.GetRawText());
    }

    [Theory]
    [InlineData("""{"assignee":999999}""", "assignee")]
    [InlineData("""{"tagIds":[999999]}""", "tagIds")]
    public async Task WhatIsRefusedLeavesNothingBehind(string said, string field)
    {
        var from = $"{Guid.NewGuid():N}@refused.example";
        var before = await CountAsync();
        foreach (var direction in new[] { "in", "out" })
        {
            using StringContent body = new($$"""{"subchannelId":{{house.Support}},"direction":"{{direction}}","from":"{{from}}","to":["x@refused.example"],"subject":"Refused","body":"x",{{said[1..]}}""", Encoding.UTF8, "application/json");
            Assert.NotEmpty((await Api.PostAsync("ticket", body)).Problem(422).Error(field));
        }

        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task TheSameExternalIdAtTheSameTimeIsOneTicket()
    {
        var name = $"race-{Guid.NewGuid():N}";

        var created = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = $"Race {number}", body = "x", externalTicketId = name })));

        Assert.Single(created.Select(answer => Id(answer.Json)).Distinct());
        Assert.Single(created, answer => answer.Status == 201);
    }

    [Fact]
    public async Task ManyAtOnceComeInEachWithItsOwn_WhateverIsWrongWithOne()
    {
        var (sender, before) = ($"{Guid.NewGuid():N}@many.example", await CountAsync());

        var created = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Api.PostAsync("ticket", new
        {
            subchannelId = number % 2 == 0 ? house.Support : house.Sales,
            from = sender,
            subject = $"Many {number}",
            body = $"x {number}",
            contractId = $"C-{number}",
            assignee = number is 7 or 20 ? 999999 : house.AdminId,
        })));

        Assert.Equal([7, 20], created.Index().Where(answer => answer.Item.Status == 422).Select(answer => answer.Index));
        Assert.Equal(38, created.Where(answer => answer.Status == 201).Select(answer => Id(answer.Json)).Distinct().Count());
        Assert.Equal((before.Item1 + 38, before.Item2 + 38, before.Item3), await CountAsync());
        foreach (var (number, answer) in created.Index().Where(answer => answer.Item.Status == 201))
        {
            var ticket = (await Api.GetAsync($"ticket/{Id(answer.Json)}")).Ok().Ticket;
            Assert.Equal(($"Many {number}", $"C-{number}", number % 2 == 0 ? house.Support : house.Sales), (Text(ticket, "subject"), Text(ticket, "contractId"), ticket.GetProperty("subchannelId").GetInt64()));
        }
    }

    [Fact]
    public async Task ATicketThatGoesOutIsSentOnce_HoweverOftenItIsAskedFor()
    {
        var (name, to) = ($"out-{Guid.NewGuid():N}", $"{Guid.NewGuid():N}@customer.example");
        var wanted = new { direction = "out", subchannelId = house.Support, to = new[] { to }, subject = "Once", body = "x", externalTicketId = name, externalConversationId = $"m-{name}" };

        var created = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Api.PostAsync("ticket", wanted)));
        var again = await Api.PostAsync("ticket", new { direction = "out", subchannelId = house.Support, to = new[] { to }, subject = "Once", body = "x", externalConversationId = $"m-{name}" });

        Assert.Single(created.Append(again).Select(answer => Id(answer.Json)).Distinct());
        Assert.Single(created, answer => answer.Status == 201);
        Assert.Equal(1, await house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == Id(again.Json), Cancel)));
        Assert.Equal(1, (await house.ReadAsync(db => db.Outbox.Select(o => o.Recipients).ToListAsync(Cancel))).Count(people => people.Any(person => person.Address == to)));
        Assert.DoesNotContain(await house.ReadAsync(db => db.Drafts.Where(d => d.OutgoingMessageId == null).ToListAsync(Cancel)), draft => draft.To.Any(person => person.Address == to));
    }

    [Fact]
    public async Task WhatIsRefusedIsNotOnItsWay()
    {
        var to = $"{Guid.NewGuid():N}@customer.example";
        var known = Id((await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x", externalTicketId = to, additionalData = new { before = new string('a', 40_000) } })).Ok(201).Json);
        var data = new { more = new string('b', 40_000) };
        (await Api.PatchAsync($"ticket/{known}", new { additionalData = data })).Problem(422);

        using StringContent umlauts = new($$"""{"direction":"out","subchannelId":{{house.Support}},"to":["{{to}}"],"subject":"x","body":"x","additionalData":{"umlauts":"{{new string('ü', 20_000)}}"} }""", Encoding.UTF8, "application/json");
        (await Api.PostAsync("ticket", umlauts)).Ok(201);
        (await Api.PostAsync("ticket", new { direction = "out", isDraft = true, externalTicketId = "draft", subchannelId = house.Support, to = new[] { to }, subject = "x", body = "x" })).Problem(400);
    }

    [Theory]
    [InlineData("""{"a":"{{b}}{{b}}","b":"{{a}}"}""", "x{{a}}", null)] // a value is not filled again
    [InlineData("""{"a":"one\r\nBcc: x@example.com"}""", "{{a}}", "subject")]
    [InlineData("""{"a":"LONG"}""", "{{a}}", "subject")]
    public async Task ValuesAreFilledOnce_AndASubjectStaysALine(string data, string subject, string? field)
    {
        var values = JsonSerializer.Deserialize<Dictionary<string, string>>(data)!.ToDictionary(value => value.Key, value => value.Value == "LONG" ? new string('x', 2_000) : value.Value);
        var answer = await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject, body = "x", templateData = values });

        if (field is null)
        {
            Assert.Equal("x{{b}}{{b}}", Text((await Api.GetAsync($"ticket/{Id(answer.Ok(201).Json)}")).Ok().Ticket, "subject"));
        }
        else
        {
            Assert.NotEmpty(answer.Problem(400).Error(field));
        }
    }

    [Fact]
    public async Task AFewWordsCannotBecomeGigabytes()
    {
        var body = string.Concat(Enumerable.Repeat("{{a}}", 100_000));

        Assert.NotEmpty((await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body, templateData = new { a = new string('x', 10_000) } })).Problem(400).Error("body"));
    }

    [Fact]
    public async Task RealtimeIsAnalysedBeforeItIsAnswered_AndFalseNotAtAll()
    {
        foreach (var process in new object[] { "realtime", "batch", false })
        {
            var message = (await Api.PostAsync("ticket", new { subchannelId = house.Support, from = "process@customer.example", subject = "Process", body = $"When? {process}", process })).Ok(201).Json.GetProperty("conversationId").GetInt64();

            var runs = await house.ReadAsync(db => db.ProcessingRuns.Where(r => r.MessageId == message).ToListAsync(Cancel));
            Assert.Equal(process is false ? 0 : 1, runs.Count);
            Assert.True(process is not "realtime" || runs[0].FinishedAt is not null);
        }

        Assert.NotEmpty((await Api.PostAsync("ticket?process=soon", new { subchannelId = house.Support, from = ApiHouse.Customer })).Problem(400).Error("process"));
        (await Api.PostAsync("ticket?process=false", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "By the query" })).Ok(201);
    }

    [Fact]
    public async Task ValuesStandInPlaceOfTheirNames_AsTextAndNeverAsMarkup()
    {
        var created = (await Api.PostAsync("ticket", new
        {
            subchannelId = house.Support,
            from = ApiHouse.Customer,
            subject = "Order {{number}}",
            body = "<p>Hello {{name}}</p>",
            templateData = new Dictionary<string, string> { ["number"] = "17", ["name"] = "<b>Mia</b>" },
        })).Ok(201).Json;

        var ticket = (await Api.GetAsync($"ticket/{Id(created)}")).Ok().Ticket;
        Assert.Equal("Order 17", Text(ticket, "subject"));
        Assert.Contains("Hello <b>Mia</b>", Text(ticket, "bodyPlain"), StringComparison.Ordinal);
        Assert.NotEmpty((await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, templateId = 4711 })).Problem(422).Error("templateId"));
    }

    [Fact]
    public async Task ATemplateStandsInPlaceOfTheBody()
    {
        var template = (await house.Get<TemplateEditing>().AddAsync(
            new TemplateInput { Name = "Parcel", Text = "Dear {{customer}},\n{{parcel}} is on its way." }, Actor.Operator, "test", TestContext.Current.CancellationToken)).TemplateId!.Value;
        var wanted = new
        {
            subchannelId = house.Support,
            from = ApiHouse.Customer,
            fromName = "Jonas",
            subject = "Parcel {{parcel}}",
            templateId = template,
            templateData = new Dictionary<string, string> { ["parcel"] = "<17>" },
        };
        var created = (await Api.PostAsync("ticket", wanted)).Ok(201).Json;

        var ticket = (await Api.GetAsync($"ticket/{Id(created)}")).Ok().Ticket;
        Assert.Equal("Parcel <17>", Text(ticket, "subject"));
        Assert.Contains("Dear Jonas,", Text(ticket, "bodyPlain"), StringComparison.Ordinal);
        Assert.Contains("<17> is on its way.", Text(ticket, "bodyPlain"), StringComparison.Ordinal);
        Assert.NotEmpty((await Api.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "Hello", templateId = template })).Problem(400).Error("templateId"));
    }

    [Fact]
    public async Task ATemplateIsFoundByItsMailboxAndAnswers()
    {
        var template = await house.TemplateAsync(house.Support);
        var mail = await house.ReceiveAsync("A parcel", house.Support);

        var listed = (await Api.GetAsync($"template?subchannelId={house.Support}")).Ok().Json.GetProperty("templates").EnumerateArray().Single(one => Id(one) == template);
        Assert.Equal(["customer", "parcel", "ticket"], listed.GetProperty("placeholders").EnumerateArray().Select(name => name.GetString()));
        Assert.DoesNotContain((await Api.GetAsync($"template?subchannelId={house.Sales}")).Ok().Json.GetProperty("templates").EnumerateArray(), one => Id(one) == template);

        var sent = (await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { templateId = template, templateData = new { parcel = "<17>" }, subject = "Re: {{parcel}}" })).Ok().Json.GetProperty("conversation");
        Assert.Contains($"<17> of {mail.TicketId} is on its way.", Text(sent, "bodyPlain"), StringComparison.Ordinal);
        Assert.Contains("Dear Jonas,", Text(sent, "bodyPlain"), StringComparison.Ordinal);
        Assert.Equal("Re: <17>", Text(sent, "subject"));

        var elsewhere = await house.ReceiveAsync("Another parcel", house.Sales);
        Assert.NotEmpty((await Api.PostAsync($"ticket/{elsewhere.TicketId}/conversation/reply", new { templateId = template })).Problem(422).Error("templateId"));
        Assert.NotEmpty((await Api.PostAsync($"ticket/{mail.TicketId}/conversation/reply", new { templateId = template, content = new { message = "x" } })).Problem(400).Error("templateId"));
        (await Api.PostAsync("ticket/9999999/conversation/reply", new { templateId = template })).Problem(404);
    }

    [Fact]
    public async Task FilesComeAsPartsOfAForm()
    {
        using MultipartFormDataContent form = new();
        form.Add(new StringContent(JsonSerializer.Serialize(new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "A form", body = "x" })), "json");
        using ByteArrayContent file = new("A file\0with bytes"u8.ToArray());
        file.Headers.ContentType = new("text/plain");
        form.Add(file, "files", "note.txt");

        var created = (await Api.PostAsync("ticket", form)).Ok(201).Json;

        var attachment = (await Api.GetAsync($"ticket/{Id(created)}")).Ok().Ticket.GetProperty("attachments")[0];
        Assert.Equal(("note.txt", "text/plain"), (Text(attachment, "name"), Text(attachment, "contentType")));
        Assert.Equal("A file\0with bytes", (await Api.GetAsync(Text(attachment, "url")["/api/mind/".Length..])).Ok().Text);
        using MultipartFormDataContent search = new() { { new StringContent("{}"), "json" } };
        (await Api.PostAsync("ticket/search", search)).Problem(415);
    }

    [Fact]
    public async Task AKeyThatMayNotSendTakesMailInAll_TheSame()
    {
        var writer = await house.ServiceAsync(ApiScopes.Write);

        (await writer.PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, body = "x" })).Ok(201);
    }

    private static long Id(JsonElement json) => json.GetProperty("id").GetInt64();

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private Task<(int, int, int)> CountAsync() => house.ReadAsync(async db => (await db.Tickets.CountAsync(Cancel), await db.Messages.CountAsync(Cancel), await db.Outbox.CountAsync(Cancel)));
}
