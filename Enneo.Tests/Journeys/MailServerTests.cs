using Enneo.Tests.Servers;
using MailKit;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>What is done in the browser shows on the mail server, what is done there shows in the browser, and in shadow mode neither is so.</summary>
public sealed class MailServerTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_star_made_here_reaches_the_server_and_one_made_there_appears_here()
    {
        var user = await FillAsync("Alpha", "Bravo");
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");

        await Row(page, "Alpha").HoverAsync();
        await page.Locator("li", new() { Has = Row(page, "Alpha") }).GetByRole(AriaRole.Button, new() { Name = "Star" }).ClickAsync();
        await UntilAsync(async () => (await FlagsAsync(user, "Alpha")).HasFlag(MessageFlags.Flagged));

        await dovecot.SetFlagsAsync(user, 2, MessageFlags.Flagged, true, Cancel);
        await Expect(Row(page, "Bravo").GetByLabel("Starred")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await dovecot.SetFlagsAsync(user, 1, MessageFlags.Flagged, false, Cancel);
        await Expect(Row(page, "Alpha").GetByLabel("Starred")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task What_lies_in_the_trash_is_deleted_for_good_after_a_question_that_names_the_number()
    {
        var user = await FillAsync("Charlie", "Delta", "Echo", "Foxtrot");
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        foreach (var subject in (string[])["Charlie", "Delta", "Echo"])
        {
            await Row(page, subject).ClickAsync();
            await Expect(page.Locator(".thread h2")).ToHaveTextAsync(subject);
            await page.Keyboard.PressAsync("#");
            await Expect(Row(page, subject)).ToBeHiddenAsync();
        }

        await UntilAsync(async () => await dovecot.CountAsync(user, Cancel, "Trash") == 3);
        await page.GotoAsync($"/inbox?mailbox={mailboxId}&view=trash");
        await Row(page, "Charlie").ClickAsync();
        await page.Locator(".thread .tools summary[aria-label=More]").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete for good…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Delete 1 message for good?" });
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(dialog).ToBeHiddenAsync();
        await page.Locator(".thread .tools summary[aria-label=More]").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Delete for good…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 1 message" }).ClickAsync();
        await Expect(Row(page, "Charlie")).ToBeHiddenAsync(new() { Timeout = 30_000 });
        Assert.Equal(["Delta", "Echo"], await dovecot.SubjectsAsync(user, "Trash", Cancel));

        await page.GetByRole(AriaRole.Button, new() { Name = "Empty trash" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog, new() { Name = "Delete 2 messages for good?" }).GetByRole(AriaRole.Button, new() { Name = "Delete 2 messages" }).ClickAsync();
        await Expect(page.GetByText("The trash is empty.")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.Empty(await dovecot.ListAsync(user, Cancel, "Trash"));
        Assert.Equal(["Foxtrot"], await dovecot.SubjectsAsync(user, "INBOX", Cancel));
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task In_shadow_mode_it_stays_here_until_the_mailbox_goes_live()
    {
        var user = await FillAsync("Golf", "Hotel");
        var input = dovecot.Mailbox(user);
        var mailboxId = await enneo.AddAsync(input with { Data = input.Data with { Shadow = true } }, Cancel);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Row(page, "Golf").ClickAsync();
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Golf");
        await page.Keyboard.PressAsync("s");
        await Expect(page.GetByText("Only here.")).ToBeVisibleAsync();
        await Expect(page.Locator(".thread")).ToContainTextAsync("starred");

        await page.GotoAsync($"/settings/email-accounts?account={mailboxId}");
        await Expect(page.GetByText("Would star 1 message or take its star away")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go live…" }).ClickAsync();
        await page.GetByRole(AriaRole.Alertdialog).GetByRole(AriaRole.Radio, new() { Name = "Do it on the server too." }).CheckAsync();
        Assert.Equal(MessageFlags.None, await FlagsAsync(user, "Golf") & MessageFlags.Flagged);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go live", Exact = true }).ClickAsync();

        await Expect(page.GetByText("It is live: what is done here is done on the mail server.")).ToBeVisibleAsync();
        await UntilAsync(async () => (await FlagsAsync(user, "Golf")).HasFlag(MessageFlags.Flagged));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Go live…" })).ToBeHiddenAsync();
        await page.GotoAsync("about:blank"); // the page, which refreshes itself, ends before the program does
        Assert.Empty(visit.Errors);
    }

    private static ILocator Row(IPage page, string subject) => page.Locator("[data-row]", new() { HasText = subject });

    private async Task<MessageFlags> FlagsAsync(string user, string subject) =>
        (await dovecot.ListAsync(user, Cancel)).Single(mail => mail.Parse().Subject == subject).Flags;

    private async Task<string> FillAsync(params string[] subjects)
    {
        var user = dovecot.NewUser();
        foreach (var subject in subjects)
        {
            using MimeMessage mail = new([MailboxAddress.Parse($"{subject.ToLowerInvariant()}@customer.test")], [MailboxAddress.Parse(user)], subject, new TextPart("plain") { Text = $"About {subject}." });
            await dovecot.DeliverAsync(user, mail, Cancel, flags: MessageFlags.Seen);
        }

        return user;
    }

    private static Task UntilAsync(Func<Task<bool>> isSo) => EnneoStore.UntilAsync(isSo, TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 200);
}
