using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations.Webhooks;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Webhooks;

/// <summary>An admin has another system told what happens, in a browser.</summary>
public sealed class WebhookJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_adds_a_webhook_tries_it_sees_what_it_was_told_and_sends_it_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/webhooks");
        await Expect(page.GetByText("Nobody is told yet")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first webhook" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Address" }).FillAsync(receiver.Url);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Only public addresses by https are called.")).ToBeVisibleAsync();
        await page.GetByLabel("The host is in our own network").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).DblClickAsync();
        var secret = await page.GetByLabel("Secret", new() { Exact = true }).InputValueAsync();
        Assert.Equal(1, await app.Get<WriterLane>().RunAsync((db, token) => db.Set<Webhook>().CountAsync(token), Cancel)); // of two clicks one was meant
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByText("answered 200 after")).ToBeVisibleAsync();
        Assert.True(receiver.Taken.Single().IsSignedBy(secret));

        var raw = "From: a@customer.example\r\nTo: support@example.test\r\nSubject: Told\r\nMessage-ID: <told@customer.example>\r\n\r\nHello\r\n"u8.ToArray();
        await app.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel);
        await EnneoStore.UntilAsync(() => Task.FromResult(receiver.Taken.Any(told => told.Event == "TicketCreated" && told.Ticket is > 0 && told.Sequence > 0)), TimeSpan.FromSeconds(60), Cancel);
        await Expect(page.Locator("summary", new() { HasText = "TicketCreated" })).ToBeVisibleAsync(new() { Timeout = 20_000 }); // without asking
        await page.GetByRole(AriaRole.Button, new() { Name = "Delivered", Exact = true }).ClickAsync();
        await page.Locator("summary", new() { HasText = "TicketCreated" }).ClickAsync();
        await Expect(page.Locator("pre", new() { HasText = "\"event\":\"TicketCreated\"" })).ToBeVisibleAsync();
        var before = receiver.Taken.Count;
        await page.GetByRole(AriaRole.Button, new() { Name = "Send again", Exact = true }).ClickAsync();
        await Expect(page.GetByText("1 go again.")).ToBeVisibleAsync();
        await EnneoStore.UntilAsync(() => Task.FromResult(receiver.Taken.Count > before), TimeSpan.FromSeconds(60), Cancel);
        await visit.ShotAsync("webhooks");

        await page.SetViewportSizeAsync(390, 844);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it, and what waits for it" }).ClickAsync();
        await Expect(page.GetByText("Nobody is told yet")).ToBeVisibleAsync();

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    [Trait("Check", "AK09")]
    public async Task An_admin_sees_the_certificate_that_nobody_vouches_for_and_trusts_it()
    {
        using TestCertificate certificate = new();
        await using var receiver = await WebhookReceiver.StartAsync(certificate);
        var webhook = (await app.Get<WebhookEditing>().AddAsync(new WebhookInput { Url = receiver.Url, MayBePrivate = true, Events = ["MailboxImported"] }, Actor.Operator, "test", Cancel)).WebhookId!.Value;
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/settings/webhooks?webhook={webhook}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        var shown = string.Join(' ', certificate.Fingerprint.Chunk(4).Select(four => new string(four)));
        await Expect(page.GetByText($"SHA-256 {shown}")).ToBeVisibleAsync();
        await visit.ShotAsync("certificate");
        Assert.Empty(receiver.Received);
        await page.GetByRole(AriaRole.Button, new() { Name = "Trust this certificate for this webhook" }).ClickAsync();
        await Expect(page.GetByText("The certificate is trusted.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByText("answered 200 after")).ToBeVisibleAsync();
        Assert.Single(receiver.Taken);

        await page.GetByRole(AriaRole.Button, new() { Name = "Trust it no longer" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByText("Saved", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it" }).ClickAsync();
        await Expect(page.GetByText($"SHA-256 {shown}")).ToBeVisibleAsync();
        await app.Get<WebhookEditing>().RemoveAsync(webhook, Actor.Operator, "test", Cancel);
        Assert.Single(receiver.Received);
        Assert.Empty(visit.Errors);
    }
}
