using Enneo.Core.Activity;
using Enneo.Core.Spam;
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
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Anna said that it is no spam");

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
        await page.GetByRole(AriaRole.Button, new() { Name = "Try it on the last 500 mails, then save" }).ClickAsync();
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

    [Fact]
    public async Task Mass_mail_is_sorted_sender_by_sender_and_unsubscribed_from_with_a_click()
    {
        await using var shop = await FormServer.StartAsync();
        await using EnneoApp own = new() { Settings = new Dictionary<string, string> { ["Enneo:Net:TrustedHosts"] = shop.Address.Authority } };
        await own.InitializeAsync();
        var user = dovecot.NewUser();
        var mailboxId = await own.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await own.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        await ArriveAsync(user, News(shop, "Spring"), News(shop, "Summer"), SpamMail.Wanted("Club", "club@other.example").With("Feedback-ID", "c42:platform"));
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(3);

        await page.Locator("[data-mass-mail-open]").ClickAsync();
        var sender = page.Locator("[data-mass-sender='news@shop.example']");
        await Expect(sender).ToContainTextAsync("2 conversations");
        await Expect(page.Locator("[data-mass-sender='club@other.example'] [data-unsubscribe]")).ToHaveCountAsync(0);
        await sender.Locator("[data-unsubscribe]").ClickAsync();
        await Expect(sender).ToContainTextAsync("Nothing vouches for this sender");
        Assert.Empty(shop.Requests);
        await sender.Locator("[data-unsubscribe-anyway]").ClickAsync();
        await Expect(page.Locator(".toast")).ToContainTextAsync("news@shop.example says that it is done");
        await Expect(sender.Locator("[data-unsubscribed]")).ToBeVisibleAsync();
        Assert.Single(shop.Requests);

        await page.Locator("[data-mass-sender='club@other.example'] [data-keep-all]").ClickAsync();
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-mass-sender='club@other.example']")).ToHaveCountAsync(0);
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Row(page, "Club").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("it was hidden for 1 min");

        await page.GotoAsync($"/settings/email-accounts?account={mailboxId}");
        await Expect(page.Locator("[data-trial-result]")).ToContainTextAsync("the rule would hide 2");
        await page.Locator("[data-bulk-rule]").SelectOptionAsync("tag");
        await Expect(page.Locator("[data-mass-trial] .saved")).ToContainTextAsync("Saved");
        await ArriveAsync(user, News(shop, "Autumn"));
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Row(page, "Autumn").ClickAsync();
        await Expect(page.Locator("[data-spam-notice]")).ToContainTextAsync("Mass mail");
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task What_a_mailing_list_breaks_is_kept_from_then_on_and_listed()
    {
        var (user, mailboxId) = await ConnectAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        await ArriveAsync(user, OverList("first"));
        await Row(page, "first").ClickAsync();

        await page.Locator("[data-pin-dmarc]").ClickAsync();
        await Expect(page.Locator(".toast")).ToContainTextAsync("comes via chairs.lists.example is kept");
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Row(page, "first")).ToBeVisibleAsync();
        await ArriveAsync(user, OverList("second"));
        await Expect(Row(page, "second")).ToBeVisibleAsync();

        await page.GotoAsync("/settings/spam");
        var exception = page.Locator("[data-dmarc-exception]").Filter(new() { HasText = "customer.example via chairs.lists.example" });
        await exception.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(exception).ToHaveCountAsync(0);
        await page.Locator("[data-kept-days]").SelectOptionAsync("30");
        await Expect(page.Locator(".retention .saved")).ToContainTextAsync("Saved");
        await page.ReloadAsync();
        await Expect(page.Locator("[data-kept-days]")).ToHaveValueAsync("30");
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task A_rule_that_hides_too_much_is_stopped_from_the_inbox()
    {
        await using EnneoApp own = new();
        await own.InitializeAsync();
        var user = dovecot.NewUser();
        var mailboxId = await own.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await own.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        for (var i = 0; i < 20; i++)
        {
            var mail = SpamMail.Wanted($"mail {i}", $"person{i}@customer.example");
            await ArriveAsync(user, i < 10 ? mail.With("Feedback-ID", "c42:platform") : mail);
        }

        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(10);
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(10);
        await own.Get<HiddenShares>().WatchAsync(Cancel); // as a job does every few minutes
        await page.ReloadAsync();
        await Expect(page.Locator("[data-hides-much]")).ToContainTextAsync("hid 10 of the 20 new mails");
        await visit.ShotAsync("breaker");
        await page.Locator("[data-stop-rule]").ClickAsync();
        await page.Mouse.MoveAsync(0, 0); // where the notice was the list is now, and nothing comes in under a pointer
        await Expect(page.Locator("[data-hides-much]")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(20);
        Assert.Empty(visit.Errors);
    }

    private static MimeMessage News(FormServer shop, string subject) => SpamMail.Wanted(subject, "news@shop.example")
        .With("Feedback-ID", "c42:platform")
        .With("List-Unsubscribe", $"<{new Uri(shop.Address, "/u")}>")
        .With("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");

    private static MimeMessage OverList(string subject) => SpamMail.Wanted(subject)
        .With("Authentication-Results", "mx.example.test; dmarc=fail header.from=customer.example")
        .With("List-Id", "Chairs <chairs.lists.example>");

    /// <summary>What the model learned, and what was set, in another test is forgotten: the same mail is spam in one and wanted in the other.</summary>
    private async Task<(string User, long MailboxId)> ConnectAsync()
    {
        await enneo.Get<SpamLearning>().ResetAsync(Actor.Operator, "test", Cancel);
        await enneo.Get<SpamSettingsEditing>().SaveAsync(new SpamSettings(), Actor.Operator, "test", Cancel);
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
