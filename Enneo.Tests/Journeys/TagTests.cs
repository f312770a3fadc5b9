using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>An admin makes a tag that mails find by themselves, and an agent tags by keys, in a browser and on a real mailbox.</summary>
public sealed class TagTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tag_is_made_tried_out_found_by_mail_and_given_by_hand()
    {
        var user = dovecot.NewUser();
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        await DeliverAsync(user, "Invoice 4711");
        await DeliverAsync(user, "Bicycle");
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Row(page, "Invoice 4711")).ToBeVisibleAsync();
        await Expect(Row(page, "Bicycle")).ToBeVisibleAsync();

        await AddAsync(page, "Important");
        await MakeAsync(page);

        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Row(page, "Bicycle")).ToBeVisibleAsync();
        await DeliverAsync(user, "Invoice 4712");
        await Expect(Row(page, "Invoice 4712").Locator(".tag")).ToHaveTextAsync("Billing");
        await Expect(Row(page, "Bicycle").Locator(".tag")).ToHaveCountAsync(0);

        await TagByHandAsync(page);
        await FindAsync(page);
        await SayWhenOpenAsync(page);
        Assert.Empty(visit.Errors);
    }

    private static async Task AddAsync(IPage page, string name)
    {
        await page.GotoAsync("/settings/skills-routing");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a tag" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".tree")).ToContainTextAsync(name);
        await Expect(page).ToHaveURLAsync(new Regex(@"\?tag=\d+"));
    }

    private static async Task MakeAsync(IPage page)
    {
        // The form of the tag that was just saved stands until the empty one has come.
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Important");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a tag" }).ClickAsync();
        await Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Billing");
        await page.GetByLabel("Mails get it").SelectOptionAsync("Conditions");
        await page.Locator("[data-add-condition]").ClickAsync();
        await page.GetByLabel("With what").FillAsync("invoice");
        await page.Locator("[data-try]").ClickAsync();
        await Expect(page.Locator("[data-trial]")).ToContainTextAsync(new Regex("Would have matched 1 of the last [0-9]+ mails"));
        await Expect(page.Locator("[data-trial] a")).ToHaveTextAsync("Invoice 4711");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".tree")).ToContainTextAsync("Billing");
    }

    /// <summary>The time to answer that a tag promises counts only then.</summary>
    private static async Task SayWhenOpenAsync(IPage page)
    {
        await page.GotoAsync("/settings/business-hours");
        await page.Locator("[data-always]").UncheckAsync();
        await Expect(page.Locator("#hours-zone")).ToHaveValueAsync(new Regex(".+"));
        await page.Locator("[data-day=Monday] [data-closes]").FillAsync("18:30");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("[data-said]")).ToContainTextAsync("within 8 hours is due");
        await page.ReloadAsync();
        await Expect(page.Locator("[data-day=Monday] [data-closes]")).ToHaveValueAsync(new Regex("^18:30"));
    }

    private static async Task TagByHandAsync(IPage page)
    {
        await Row(page, "Bicycle").ClickAsync();
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("Bicycle");
        await page.Keyboard.PressAsync("t");
        await page.GetByRole(AriaRole.Menuitemcheckbox, new() { Name = "Important" }).ClickAsync();
        await Expect(page.Locator("[data-tags] .tag")).ToHaveTextAsync("Important");
        await Expect(Row(page, "Bicycle").Locator(".tag")).ToHaveTextAsync("Important");
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("[data-tags]")).ToHaveCountAsync(0);
    }

    private static async Task FindAsync(IPage page)
    {
        await page.Locator(".navigation").GetByRole(AriaRole.Link, new() { Name = "Billing" }).ClickAsync();
        await Expect(page.Locator("[data-row]")).ToHaveTextAsync([new Regex("Invoice 4712")]);
        await Expect(page).ToHaveURLAsync(new Regex(@"\?tag=\d+"));
        await page.Locator("[data-search]").FillAsync("tag:bill");
        await Expect(page.GetByRole(AriaRole.Option).Filter(new() { HasText = "Billing" })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-row]")).ToHaveTextAsync([new Regex("Invoice 4712")]);
    }

    private async Task DeliverAsync(string user, string subject)
    {
        using MimeMessage mail = new([MailboxAddress.Parse("marta@customer.test")], [MailboxAddress.Parse(user)], subject, new TextPart("plain") { Text = $"Good morning, this is about the {subject} of last week." });
        await dovecot.DeliverAsync(user, mail, Cancel);
    }

    private static ILocator Row(IPage page, string subject) => page.Locator("[data-row]").Filter(new() { HasText = subject });
}
