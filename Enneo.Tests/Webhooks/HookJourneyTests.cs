using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Hooks;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Webhooks;

/// <summary>An admin lets another system tell us something, in a browser.</summary>
public sealed class HookJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private const string Called = """{"action":"opened","issue":{"number":7,"title":"Disk is full"},"sender":{"email":"mia@ops.example"}}""";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_adds_a_hook_maps_what_came_and_sees_the_ticket_and_what_was_refused()
    {
        await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/incoming-webhooks");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first incoming webhook" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Tracker");
        await page.GetByLabel("Proof of who calls").SelectOptionAsync("GitHub");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).DblClickAsync();
        var secret = await page.GetByLabel("Secret", new() { Exact = true }).InputValueAsync();
        Assert.Equal(1, await app.Get<WriterLane>().RunAsync((db, token) => db.Set<IncomingHook>().CountAsync(token), Cancel)); // of two clicks one was meant
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        var address = await page.GetByLabel("Address to post to").InputValueAsync();

        Assert.Equal(422, await CallAsync(address, secret, Called)); // nothing is mapped yet
        Assert.Equal(401, await CallAsync(address, "another secret", Called));
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
        await Expect(page.GetByText("The signature does not fit the body and the secret.").First).ToBeVisibleAsync();
        await page.GetByLabel("from", new() { Exact = true }).FillAsync("$.sender.email");
        await Expect(page.Locator("output[for=hook-field-from]")).ToHaveTextAsync("mia@ops.example");
        await page.GetByLabel("subject", new() { Exact = true }).FillAsync("Issue {{$.issue.number}}: {{$.issue.title}}");
        await Expect(page.Locator("output[for=hook-field-subject]")).ToHaveTextAsync("Issue 7: Disk is full");
        await page.GetByLabel("priority", new() { Exact = true }).FillAsync("$.action");
        await Expect(page.Locator("output[for=hook-field-priority]")).ToContainTextAsync("It is one of: low");
        await page.GetByLabel("priority", new() { Exact = true }).FillAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Saved")).ToBeVisibleAsync();

        Assert.Equal(200, await CallAsync(address, secret, Called));
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
        await Expect(page.Locator(".calls .state-ok")).ToHaveTextAsync("done");
        await visit.ShotAsync("hooks");
        await page.SetViewportSizeAsync(390, 844);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"));
        await page.GetByRole(AriaRole.Link, new() { Name = "ticket 1" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Issue 7: Disk is full" })).ToBeVisibleAsync();

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    private static async Task<int> CallAsync(string address, string secret, string body)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(HttpMethod.Post, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(body)))}");
        using var answer = await client.SendAsync(request, Cancel);
        return (int)answer.StatusCode;
    }
}
