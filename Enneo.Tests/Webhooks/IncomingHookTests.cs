using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Conversations;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Webhooks;

/// <summary>Other systems post to hooks of the running program: what is genuine is done once, and by the rules of the API.</summary>
[Collection(ApiCollection.Name)]
public sealed class IncomingHookTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HookProof.StandardWebhooks)]
    [InlineData(HookProof.GitHub)]
    [InlineData(HookProof.Hmac)]
    [InlineData(HookProof.Header)]
    [InlineData(HookProof.Bearer)]
    public async Task WhatIsProvenIsDoneOnce(HookProof proof)
    {
        var sender = await AddAsync(proof);
        var (name, id) = (Guid.NewGuid().ToString("N"), "msg_1");
        var body = HookSender.Issue(name, """ "title":"Disk is\r\nfull","reporter":"Mia Berg <mia@ops.example>","priority":"URGENT" """);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => sender.SendAsync(body, id)));
        var again = (await sender.SendAsync(body, id)).Ok().Json;

        Assert.Single(answers, answer => answer.Status == 200 && Text(answer.Json, "outcome") == "done");
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 409, answer.Text));
        Assert.Equal("repeated", Text(again, "outcome"));
        var ticket = (await house.Service.GetAsync($"ticket/{again.GetProperty("ticketId").GetInt64()}")).Ok().Ticket;
        Assert.Equal(("Issue: Disk is full", "urgent", "mia@ops.example", "Mia Berg"), (Text(ticket, "subject"), Text(ticket, "priority"), Text(ticket, "from"), Text(ticket, "fromName")));
        Assert.Equal(1, await house.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == ticket.GetProperty("id").GetInt64(), Cancel)));
        var entry = await house.ReadAsync(db => db.Activity.AsNoTracking().FirstAsync(e => e.TicketId == ticket.GetProperty("id").GetInt64(), Cancel));
        Assert.Equal($"hook:{sender.HookId}", entry.Origin);
    }

    [Fact]
    public async Task TheSameBytesAreTheSameCallWhereOnlyTheyAreSigned()
    {
        var sender = await AddAsync(HookProof.GitHub);
        var body = HookSender.Issue(Guid.NewGuid().ToString("N"), """ "title":"Replayed","reporter":"mia@ops.example" """);

        (await sender.SendAsync(body, "delivery-1")).Ok();

        Assert.Equal("repeated", Text((await sender.SendAsync(body, "delivery-2")).Ok().Json, "outcome"));
    }

    /// <summary>A call of the last year, as time passes for nobody else here.</summary>
    [Theory]
    [InlineData(HookProof.GitHub, 300, "repeated")]
    [InlineData(HookProof.GitHub, 400, "done")]
    [InlineData(HookProof.StandardWebhooks, 300, "done")]
    public async Task WhatHoldsNoTimeIsKnownAgainForAYear(HookProof proof, int days, string outcome)
    {
        var sender = await AddAsync(proof);
        var body = HookSender.Issue(Guid.NewGuid().ToString("N"), """ "title":"Played back","reporter":"mia@ops.example" """);
        (await sender.SendAsync(body, "msg_1")).Ok();
        var at = TimeProvider.System.GetUtcNow().AddDays(-days);
        await house.Get<WriterLane>().RunAsync((db, token) => db.Set<HookCall>().Where(c => c.HookId == sender.HookId).ExecuteUpdateAsync(set => set.SetProperty(c => c.At, at), token), Cancel);

        await house.Get<WebhookRetention>().RunAsync(Cancel);

        Assert.Equal(outcome, Text((await sender.SendAsync(body, "msg_1")).Ok().Json, "outcome"));
    }

    [Fact]
    public async Task WhatCannotBeMappedIsRefusedFieldByFieldAndMayComeAgain()
    {
        var sender = await AddAsync(HookProof.StandardWebhooks);

        var wrong = (await sender.SendAsync(HookSender.Issue("a", """ "title":"x","reporter":"nobody","priority":"P1" """), "msg_same")).Problem(422);
        var right = (await sender.SendAsync(HookSender.Issue("a", """ "title":"x","reporter":"mia@ops.example" """), "msg_same")).Ok();

        Assert.NotEmpty(wrong.Error("from"));
        Assert.Contains("urgent", wrong.Error("priority"), StringComparison.Ordinal);
        Assert.Equal("done", Text(right.Json, "outcome"));
    }

    [Fact]
    public async Task TicketsAreChangedTaggedAnsweredAndClosedByTheNamesOfTheirSystem()
    {
        var program = await house.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Desk", ApiScopes.Read | ApiScopes.Write), Actor.User(house.AdminId), "test", Cancel);
        var tag = (await house.Service.PostAsync("tag", new { name = $"Ops {Guid.NewGuid():N}" })).Ok(201).Json.GetProperty("tag");
        var name = Guid.NewGuid().ToString("N");
        var created = (await house.ClientOf(program.Secret).PostAsync("ticket", new { subchannelId = house.Support, from = ApiHouse.Customer, subject = "Old", body = "x", externalTicketId = name })).Ok(201).Json.GetProperty("id").GetInt64();
        HookInput Shared(HookInput input) => input with { KeyId = program.KeyId };
        var upsert = await AddAsync(HookProof.Bearer, Shared);
        var store = await AddAsync(HookProof.Bearer, input => Shared(input) with { Action = HookAction.Store, Kind = StoredKind.In });
        var give = await AddAsync(HookProof.Bearer, input => Shared(input) with { Action = HookAction.Tag, Fields = With(HookFields.Tags, "$.labels[*].name") });
        var close = await AddAsync(HookProof.Bearer, input => Shared(input) with { Action = HookAction.Close, WhenPath = "$.action", WhenValues = ["closed"] });
        var body = HookSender.Issue(name, """ "title":"New","reporter":"mia@ops.example" """, $$""" ,"labels":[{"name":"{{Text(tag, "name").ToUpperInvariant()}}"}] """);

        Assert.Equal(created, (await upsert.SendAsync(body)).Ok().Json.GetProperty("ticketId").GetInt64());
        Assert.Equal(created, (await store.SendAsync(body, "msg_store")).Ok().Json.GetProperty("ticketId").GetInt64());
        Assert.Equal("repeated", Text((await store.SendAsync(body, "msg_store")).Ok().Json, "outcome"));
        (await give.SendAsync(body)).Ok();
        Assert.Equal("ignored", Text((await close.SendAsync(body)).Ok().Json, "outcome"));
        (await close.SendAsync(HookSender.Issue(name, "\"title\":\"x\"", ",\"action\":\"closed\""))).Ok();
        (await close.SendAsync(HookSender.Issue("unknown", "\"title\":\"x\"", ",\"action\":\"closed\""))).Problem(422);

        var ticket = (await house.Service.GetAsync($"ticket/{created}")).Ok().Ticket;
        Assert.Equal(("Issue: New", "closed"), (Text(ticket, "subject"), Text(ticket, "status")));
        Assert.Contains(tag.GetProperty("id").GetInt64(), ticket.GetProperty("tags").EnumerateArray().Select(id => id.GetInt64()));
        Assert.Equal(2, await house.ReadAsync(db => db.Messages.CountAsync(m => m.TicketId == created, Cancel)));
    }

    [Fact]
    public async Task WhatCameByAHookIsToldToOthersAsThatAndNotToItsOwnSystem()
    {
        var program = await house.Get<ApiKeyEditing>().AddServiceAsync(new NewApiKey("Desk", ApiScopes.Read | ApiScopes.Write), Actor.User(house.AdminId), "test", Cancel);
        var own = (await house.Service.PostAsync("webhook", new { url = "https://crm.example/own", ownKeyId = program.KeyId })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();
        var other = (await house.Service.PostAsync("webhook", new { url = "https://crm.example/other" })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();
        var sender = await HookSender.AddAsync(house, HookProof.Bearer, input => input with { KeyId = program.KeyId });

        var ticketId = (await sender.SendAsync(HookSender.Issue(Guid.NewGuid().ToString("N"), "\"reporter\":\"mia@ops.example\""))).Ok().Json.GetProperty("ticketId").GetInt64();
        string? told = null;
        await EnneoStore.UntilAsync(
            async () => (told = await house.ReadAsync(db => db.Set<WebhookDelivery>().Where(d => d.WebhookId == other && d.TicketId == ticketId && d.Event == WebhookEvent.TicketCreated).Select(d => d.Body).FirstOrDefaultAsync(Cancel))) is not null,
            TimeSpan.FromMinutes(1), Cancel);

        Assert.Equal($"hook:{sender.HookId}", Text(JsonElement.Parse(told!), "origin"));
        Assert.False(await house.ReadAsync(db => db.Set<WebhookDelivery>().AnyAsync(d => d.WebhookId == own && d.TicketId == ticketId && d.Event == WebhookEvent.TicketCreated, Cancel)));
        (await house.Service.DeleteAsync($"webhook/{own}")).Ok();
        (await house.Service.DeleteAsync($"webhook/{other}")).Ok();
    }

    [Fact]
    public async Task ATicketOfAnotherMailboxIsNotThere()
    {
        var other = await house.ReceiveAsync("Of sales", house.Sales);
        var close = await AddAsync(HookProof.Bearer, input => input with { Action = HookAction.Close, Fields = With(HookFields.Ticket, "$.ticket") });

        (await close.SendAsync($$"""{"ticket":{{other.TicketId}}}""")).Problem(422);

        Assert.Equal("open", Text((await house.Service.GetAsync($"ticket/{other.TicketId}")).Ok().Ticket, "status"));
    }

    [Fact]
    [Trait("Check", "AK08")]
    public async Task AnEarlierSecretIsGoodForADay_ARevokedKeyForNothing()
    {
        var sender = await AddAsync(HookProof.Bearer);
        var (editing, admin) = (house.Get<HookEditing>(), Actor.User(house.AdminId));
        var view = (await house.Get<HookQueries>().ListAsync(admin, Cancel)).Single(hook => hook.Id == sender.HookId);
        var rotated = await editing.UpdateAsync(sender.HookId, view.Settings, rotate: true, admin, "test", Cancel);
        HookSender renewed = new(house, sender.HookId, HookProof.Bearer, rotated.Secret!);

        (await sender.SendAsync(HookSender.Issue("r", "\"reporter\":\"mia@ops.example\""))).Ok();
        (await renewed.SendAsync(HookSender.Issue("r", "\"reporter\":\"mia@ops.example\""))).Ok();
        var key = await house.ReadAsync(db => db.Set<IncomingHook>().Where(h => h.Id == sender.HookId).Select(h => h.KeyId!.Value).SingleAsync(Cancel));
        await house.Get<ApiKeyEditing>().RevokeAsync(key, admin, "test", Cancel);

        (await renewed.SendAsync(HookSender.Issue("r", "\"reporter\":\"mia@ops.example\""))).Problem(403);
        Assert.True(await editing.RemoveAsync(sender.HookId, admin, "test", Cancel));
        (await renewed.SendAsync("{}")).Problem(404);
    }

    [Fact]
    public async Task OnlyAdminsSetUpHooksAndSeeWhatCame()
    {
        var sender = await AddAsync(HookProof.Bearer);
        var agent = Actor.User(house.AgentId);

        Assert.Null((await house.Get<HookEditing>().AddAsync(new HookInput { Name = "x", MailboxId = house.Support }, agent, "test", Cancel)).HookId);
        Assert.False(await house.Get<HookEditing>().RemoveAsync(sender.HookId, agent, "test", Cancel));
        Assert.Empty(await house.Get<HookQueries>().ListAsync(agent, Cancel));
        Assert.Empty(await house.Get<HookQueries>().CallsAsync(sender.HookId, false, null, 10, agent, Cancel));
        Assert.Empty(await house.Get<HookQueries>().BodiesAsync(sender.HookId, agent, Cancel));
    }

    [Fact]
    public async Task TheCallInTheManualWorks()
    {
        var sender = await AddAsync(HookProof.StandardWebhooks);
        var added = await house.Get<HookEditing>().UpdateAsync(sender.HookId, (await house.Get<HookQueries>().ListAsync(Actor.User(house.AdminId), Cancel)).Single(hook => hook.Id == sender.HookId).Settings, true, Actor.User(house.AdminId), "test", Cancel);
        var manual = await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "webhooks.md"), Cancel);
        ProcessStartInfo start = new("bash") { ArgumentList = { "-c", manual.Split("```bash")[1].Split("```")[0] }, RedirectStandardOutput = true };
        (start.Environment["ENNEO"], start.Environment["HOOK"], start.Environment["SECRET"]) = (house.Address.ToString().TrimEnd('/'), sender.HookId.ToString(CultureInfo.InvariantCulture), added.Secret);

        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync(Cancel);

        Assert.Contains("\"outcome\":\"done\"", said, StringComparison.Ordinal);
    }

    private Task<HookSender> AddAsync(HookProof proof, Func<HookInput, HookInput>? change = null) => HookSender.AddAsync(house, proof, change);

    private static Dictionary<string, string> With(string field, string template) => new(HookSender.IssueFields) { [field] = template };

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
