using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>An admin makes an automation, mail meets it, and what spam held back is done with one click, in a browser and on a real mailbox.</summary>
public sealed class AutomationTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_automation_is_made_runs_and_after_not_spam_it_is_only_offered()
    {
        var user = dovecot.NewUser();
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await MakeAsync(page);

        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await DeliverAsync(user, "Outage in hall 3");
        var row = page.Locator("[data-row]").Filter(new() { HasText = "Outage in hall 3" });
        await Expect(row.Locator("[data-priority=Urgent]")).ToBeVisibleAsync();
        await row.ClickAsync();
        await Expect(page.Locator(".message.note, .folded.note")).ToHaveCountAsync(1);

        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=junk");
        await DeliverAsync(user, "Outage in hall 4", isSpam: true);
        await page.Locator("[data-row]").Filter(new() { HasText = "Outage in hall 4" }).ClickAsync();
        await Expect(page.Locator(".message.note, .folded.note")).ToHaveCountAsync(0);
        await page.Locator("[data-spam-notice] [data-not-spam]").ClickAsync();
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await page.Locator("[data-row]").Filter(new() { HasText = "Outage in hall 4" }).ClickAsync();
        await Expect(page.Locator("[data-proposal]")).ToContainTextAsync("Outages");
        await page.Locator("[data-proposal] [data-perform]").ClickAsync();
        await Expect(page.Locator("[data-proposal]")).ToHaveCountAsync(0);
        await Expect(page.Locator(".message.note, .folded.note")).ToHaveCountAsync(1);
        Assert.Empty(visit.Errors);
    }

    private static async Task MakeAsync(IPage page)
    {
        await page.GotoAsync("/settings/automations");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add an automation" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).First.WaitForAsync();
        await page.Locator("#automation-name").FillAsync("Outages");
        await page.Locator("[data-enabled]").CheckAsync();
        await page.Locator("[data-add-condition]").ClickAsync();
        await page.GetByLabel("With what").FillAsync("outage");
        await page.Locator("[data-add-action]").ClickAsync();
        await page.GetByLabel("What is done").SelectOptionAsync("Priority");
        await page.GetByLabel("Priority", new() { Exact = true }).SelectOptionAsync("Urgent");
        await page.Locator("[data-add-action]").ClickAsync();
        await page.GetByLabel("What is done").Nth(1).SelectOptionAsync("Note");
        await page.GetByLabel("Note", new() { Exact = true }).FillAsync("Call the electrician first.");
        await page.Locator(".panel").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator(".automations")).ToContainTextAsync("Outages On");
    }

    private async Task DeliverAsync(string user, string subject, bool isSpam = false)
    {
        using MimeMessage mail = new([MailboxAddress.Parse("marta@customer.test")], [MailboxAddress.Parse(user)], subject, new TextPart("plain") { Text = "Good morning, nothing works here since seven." });
        if (isSpam)
        {
            mail.Headers.Add("X-Spam-Flag", "YES");
        }

        await dovecot.DeliverAsync(user, mail, Cancel, internalDate: TimeProvider.System.GetUtcNow().AddSeconds(1));
    }
}
