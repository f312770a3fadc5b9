using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Tests.Webhooks;

namespace Enneo.Tests.Api;

/// <summary>Webhooks as programs set them up, in the running program.</summary>
[Collection(ApiCollection.Name)]
public sealed class WebhooksByApiTests(ApiHouse house)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    [Fact]
    public async Task AWebhookIsToldAtOnceAndItsSecretShownOnce()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var other = await house.ServiceAsync(ApiScopes.Read | ApiScopes.Write);
        var added = (await Api.PostAsync("webhook", new { url = receiver.Url, allowPrivateHost = true, events = new[] { "TicketUpdated", "TicketClosed" }, mailboxIds = new[] { house.Support } })).Ok(201).Json;
        var (id, secret) = (added.GetProperty("webhook").GetProperty("id").GetInt64(), added.GetProperty("secret").GetString()!);
        var mail = await house.ReceiveAsync("Told");
        List<double> latencies = [];
        for (var i = 0; i < 20; i++)
        {
            var before = receiver.Taken.Count;
            (await other.PatchAsync($"ticket/{mail.TicketId}", new { status = i % 2 == 0 ? "closed" : "open" })).Ok();
            var committed = Stopwatch.GetTimestamp();
            await EnneoStore.UntilAsync(() => Task.FromResult(receiver.Taken.Count > before), TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 2);
            latencies.Add(Stopwatch.GetElapsedTime(committed).TotalMilliseconds);
        }

        var told = receiver.Taken.Last();
        Assert.All(receiver.Taken, one => Assert.True(one.IsSignedBy(secret)));
        Assert.StartsWith("key:", told.Json.GetProperty("origin").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", (await Api.GetAsync($"webhook/{id}")).Ok().Text, StringComparison.Ordinal);
        var delivery = (await Api.GetAsync($"webhook/{id}/delivery?state=delivered&limit=1")).Ok().Json.GetProperty("deliveries")[0];
        Assert.Equal(200, delivery.GetProperty("status").GetInt32());
        TestContext.Current.TestOutputHelper?.WriteLine($"answer of the change → received: p50 {latencies.Order().ElementAt(latencies.Count / 2):F0} ms, most {latencies.Max():F0} ms");

        Assert.Empty((await Api.GetAsync($"webhook/{id}/delivery?state=withheld")).Ok().Json.GetProperty("deliveries").EnumerateArray());
        Assert.Contains("waiting, delivered, parked, withheld", (await Api.GetAsync($"webhook/{id}/delivery?state=gone")).Problem(400).Error("state"), StringComparison.Ordinal);
        (await Api.PatchAsync($"ticket/{mail.TicketId}", new { status = "pending" })).Ok(); // its own doing
        (await Api.PostAsync($"webhook/{id}/delivery/{delivery.GetProperty("id").GetInt64()}/replay", null)).Ok();
        await EnneoStore.UntilAsync(() => Task.FromResult(receiver.Taken.Count > 20), TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(delivery.GetProperty("eventId").GetString(), receiver.Taken.Last().Id);
        (await Api.DeleteAsync($"webhook/{id}")).Ok();
        (await Api.GetAsync($"webhook/{id}")).Problem(404);
    }

    [Fact]
    public async Task ASampleIsPostedAndItsAnswerShown()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var id = (await Api.PostAsync("webhook", new { url = receiver.Url, allowPrivateHost = true })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();
        receiver.Fail(418);

        var tried = (await Api.PostAsync($"webhook/{id}/test", new { @event = "MessageSent" })).Ok().Json;

        Assert.Equal((false, 418), (tried.GetProperty("success").GetBoolean(), tried.GetProperty("status").GetInt32()));
        Assert.Contains(receiver.Received, told => told is { Event: "MessageSent" } && told.Id.StartsWith("test_", StringComparison.Ordinal));
        (await Api.DeleteAsync($"webhook/{id}")).Ok();
    }

    [Theory]
    [InlineData("""{"url":"http://127.0.0.1/"}""", "url")]
    [InlineData("""{"url":"https://crm.example/","events":["Nothing"]}""", "events[0]")]
    [InlineData("""{"url":"https://crm.example/","mailboxIds":[]}""", "mailboxIds")]
    [InlineData("""{"url":"https://crm.example/","mailboxIds":[999999]}""", "mailboxIds")]
    [InlineData("""{"url":"https://crm.example/","ownKeyId":999999}""", "ownKeyId")]
    public async Task WhatIsWrongIsNamed(string body, string field)
    {
        using StringContent json = new(body, Encoding.UTF8, "application/json");

        Assert.NotEmpty((await Api.AskAsync(HttpMethod.Post, "webhook", json)).Problem(422).Error(field));
    }

    [Fact]
    public async Task AKeyOfOneMailboxSetsUpWebhooksOfThatAlone()
    {
        var limited = await house.ServiceAsync(ApiScopes.Read | ApiScopes.Admin, house.Sales);

        (await limited.PostAsync("webhook", new { url = "https://crm.example/" })).Problem(422);
        (await limited.PostAsync("webhook", new { url = "https://crm.example/", mailboxIds = new[] { house.Support } })).Problem(422);
        var own = (await limited.PostAsync("webhook", new { url = "https://crm.example/", mailboxIds = new[] { house.Sales } })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();
        var all = (await Api.PostAsync("webhook", new { url = "https://crm.example/all" })).Ok(201).Json.GetProperty("webhook").GetProperty("id").GetInt64();

        Assert.Equal([own], (await limited.GetAsync("webhook")).Ok().Json.GetProperty("webhooks").EnumerateArray().Select(webhook => webhook.GetProperty("id").GetInt64()));
        (await limited.DeleteAsync($"webhook/{all}")).Problem(404);
        (await Api.DeleteAsync($"webhook/{all}")).Ok();
        (await Api.DeleteAsync($"webhook/{own}")).Ok();
    }

    [Fact]
    [Trait("Check", "AK08")]
    public async Task TheVectorsInTheManualAreRight()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "webhooks.md"), Cancel);
        var vectors = manual.Split("```jsonl")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.True(vectors.Count >= 3);
        Assert.All(vectors, vector => Assert.Equal(
            vector.GetProperty("signature").GetString(),
            WebhookSigning.Sign(Text(vector, "secret"), Text(vector, "id"), vector.GetProperty("timestamp").GetInt64(), Encoding.UTF8.GetBytes(Text(vector, "body")))));
        Assert.All(Enum.GetNames<WebhookEvent>(), name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    private static string Text(JsonElement json, string field) => json.GetProperty(field).GetString()!;
}
