using Enneo.Tests.Servers;
using Enneo.Tests.Spam;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>Spam comes over IMAP into an open browser, goes out of sight with its reasons, and people have the last word.</summary>
public sealed class SpamTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spam_is_hidden_with_its_reasons_and_a_person_has_the_last_word()
    {
        var (user, mailboxId) = await ConnectAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");

        await ArriveAsync(user, SpamMail.Obvious());
        await Row(page, "Viagra").ClickAsync();
        var notice = page.Locator("[data-spam-notice]");
        await Expect(notice).ToContainTextAsync("by what is written in it");
        await notice.Locator("[data-spam-why]").ClickAsync();
        await Expect(notice).ToContainTextAsync("Speaks for spam");
        Assert.InRange(await notice.Locator("li").CountAsync(), 1, 8);

        await notice.Locator("[data-not-spam]").ClickAsync();
        await Expect(Row(page, "Viagra")).Not.ToBeAttachedAsync();
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Row(page, "Viagra").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("anna said that it is no spam");

        await page.Keyboard.PressAsync("!");
        await Expect(Row(page, "Viagra")).Not.ToBeAttachedAsync();
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Row(page, "Viagra")).ToBeVisibleAsync();
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task Several_are_marked_at_once_and_a_sender_is_kept_from_then_on()
    {
        var (user, mailboxId) = await ConnectAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await ArriveAsync(user, SpamMail.Wanted("Alpha"), SpamMail.Wanted("Bravo"), SpamMail.Wanted("news", "news@shop.example").With("Feedback-ID", "c42:platform"));
        await Expect(Row(page, "Bravo")).ToBeVisibleAsync();
        await Expect(Row(page, "news")).Not.ToBeAttachedAsync();

        await page.Keyboard.PressAsync("*");
        await Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("!");
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(0);
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(2);

        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        await Row(page, "news").ClickAsync();
        await Expect(page.Locator("[data-spam-notice]")).ToContainTextAsync("platform for mass mail");
        await page.Locator("[data-trust-sender]").ClickAsync();
        await Expect(page.Locator(".toast")).ToContainTextAsync("news@shop.example is trusted");
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Row(page, "news")).ToBeVisibleAsync();
        await ArriveAsync(user, SpamMail.Wanted("next issue", "news@shop.example").With("Feedback-ID", "c42:platform"));
        await Expect(Row(page, "next issue")).ToBeVisibleAsync();
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task An_admin_tries_a_threshold_before_switching_to_it()
    {
        var (user, mailboxId) = await ConnectAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        await ArriveAsync(user, SpamMail.Obvious());
        await Expect(Row(page, "Viagra")).ToBeVisibleAsync();

        await page.GotoAsync("/settings/spam");
        await page.Locator("[data-spam-from]").FillAsync("100");
        await page.Locator("[data-spam-from]").BlurAsync();
        await page.Locator("[data-dry-run]").ClickAsync();
        await Expect(page.Locator("[data-dry-run-result]")).ToContainTextAsync("0 would have been spam");
        await Expect(page.Locator("[data-dry-run-result]")).ToContainTextAsync("would be shown");
        await Expect(page.Locator("[data-dry-run-result]")).ToContainTextAsync("Viagra");
        await page.Locator("[data-save-thresholds]").ClickAsync();
        await Expect(page.Locator(".thresholds .saved")).ToContainTextAsync("Saved");
        await page.ReloadAsync();
        await Expect(page.Locator("[data-spam-from]")).ToHaveValueAsync("100");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use the model's own" }).ClickAsync();
        await Expect(page.Locator("[data-spam-from]")).Not.ToHaveValueAsync("100");
        Assert.Empty(visit.Errors);
    }

    private async Task<(string User, long MailboxId)> ConnectAsync()
    {
        var user = dovecot.NewUser();
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        return (user, mailboxId);
    }

    /// <summary>As mail from outside arrives.</summary>
    private async Task ArriveAsync(string user, params MimeMessage[] mails)
    {
        foreach (var mail in mails)
        {
            await dovecot.ArriveAsync(user, mail, Cancel);
        }
    }

    private static ILocator Row(IPage page, string subject) => page.Locator("[data-row]").Filter(new() { HasText = subject });
}
