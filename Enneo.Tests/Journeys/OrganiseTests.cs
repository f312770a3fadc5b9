using System.Text.RegularExpressions;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using MailKit;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>Conversations are dealt with in the browser, by pointer and by keys alone, before two people and on a phone.</summary>
public sealed class OrganiseTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static readonly string[] s_subjects = ["Alpha", "Bravo", "Charlie", "Delta", "Echo"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_person_does_shows_in_the_browser_of_the_other_and_can_be_undone()
    {
        var mailboxId = await FillAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        await using var colleague = await enneo.SignInAsync(chromium);
        var (page, other) = (visit.Page, colleague.Page);
        await OpenAsync(page, mailboxId);
        await OpenAsync(other, mailboxId);

        await Row(page, "Charlie").ClickAsync();
        await Expect(Heading(page)).ToHaveTextAsync("Charlie");
        await Thread(page).GetByRole(AriaRole.Button, new() { Name = "Close", Exact = false }).Last.ClickAsync();

        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Echo", "Delta", "Bravo", "Alpha"));
        await Expect(Heading(page)).ToHaveTextAsync("Bravo");
        await Expect(Rows(other)).ToHaveTextAsync(Subjects("Echo", "Delta", "Bravo", "Alpha"));
        await Toast(page, "Closed").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(5);
        await Expect(Rows(other)).ToHaveCountAsync(5);

        await Row(page, "Delta").HoverAsync();
        await page.Locator("li", new() { Has = Row(page, "Delta") }).GetByRole(AriaRole.Button, new() { Name = "Star" }).ClickAsync();
        await Expect(Row(other, "Delta").GetByLabel("Starred")).ToBeVisibleAsync();
        await View(other, "Starred").ClickAsync();
        await Expect(Rows(other)).ToHaveTextAsync(Subjects("Delta"));

        await Row(page, "Delta").ClickAsync();
        await Tool(page, "Assign").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Assign to me" }).ClickAsync();
        await Expect(Thread(page)).ToContainTextAsync("assigned to Anna");
        await Expect(Thread(page)).ToContainTextAsync("Anna took this");
        await View(other, "Mine").ClickAsync();
        await Expect(Rows(other)).ToHaveTextAsync(Subjects("Delta"));

        await Tool(page, "Snooze").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "In a week" }).ClickAsync();
        await Expect(Rows(other)).ToHaveCountAsync(0);
        await View(other, "Snoozed").ClickAsync();
        await Expect(Rows(other)).ToHaveTextAsync(Subjects("Delta"));
        await Toast(page, "Snoozed until").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Rows(other)).ToHaveCountAsync(0);

        Assert.Empty(visit.Errors);
        Assert.Empty(colleague.Errors);
    }

    [Fact]
    public async Task Several_conversations_are_closed_merged_and_brought_back_by_keys_alone()
    {
        var mailboxId = await FillAsync();
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await OpenAsync(page, mailboxId);

        await PressAsync(page, "j", "x", "j", "x");
        await Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await PressAsync(page, "e");
        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Charlie", "Bravo", "Alpha"));
        await PressAsync(page, "z");
        await Expect(Rows(page)).ToHaveCountAsync(5);

        await PressAsync(page, "*");
        await Expect(page.GetByText("5 selected")).ToBeVisibleAsync();
        await PressAsync(page, "Escape");
        await Expect(page.GetByText("5 selected")).Not.ToBeAttachedAsync();

        await Row(page, "Bravo").FocusAsync();
        await PressAsync(page, "x", "j", "x");
        await Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await page.Locator(".bulk summary[aria-label=More]").FocusAsync();
        await PressAsync(page, "Enter");
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Set to pending" })).ToBeFocusedAsync();
        await PressAsync(page, "ArrowDown", "ArrowDown", "ArrowDown");
        await Expect(page.GetByRole(AriaRole.Menuitem, new() { Name = "Merge" })).ToBeFocusedAsync();
        await PressAsync(page, "Enter");
        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Echo", "Delta", "Charlie", "Alpha"));
        await Expect(Row(page, "Alpha").GetByTitle("2 messages")).ToBeVisibleAsync();
        await PressAsync(page, "z");
        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Echo", "Delta", "Charlie", "Bravo", "Alpha"));

        await Row(page, "Echo").FocusAsync();
        await PressAsync(page, "b");
        await Expect(page.Locator(".bulk details[open] [data-menu-item] >> nth=0")).ToBeFocusedAsync();
        await PressAsync(page, "Escape", "Escape", "?");
        await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" })).ToBeVisibleAsync();
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task On_a_phone_a_conversation_is_closed_and_the_next_one_opens()
    {
        var mailboxId = await FillAsync();
        await using var visit = await enneo.SignInAsync(chromium, width: 390, height: 844);
        var page = visit.Page;
        await OpenAsync(page, mailboxId);

        await Row(page, "Echo").ClickAsync();
        await Expect(Heading(page)).ToHaveTextAsync("Echo");
        await Thread(page).Locator("[data-shortcut=e]").ClickAsync();

        await Expect(Heading(page)).ToHaveTextAsync("Delta");
        await Toast(page, "Closed").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the list" }).ClickAsync();
        await Expect(Rows(page)).ToHaveCountAsync(5);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));

        await page.GetByRole(AriaRole.Navigation, new() { Name = "Views" }).GetByRole(AriaRole.Link, new() { Name = "Mailboxes" }).ClickAsync();
        await View(page, "Snoozed").ClickAsync();
        await Expect(page.GetByText("Nothing is snoozed.")).ToBeVisibleAsync();
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task On_a_phone_a_long_press_picks_and_taps_pick_more()
    {
        var mailboxId = await FillAsync();
        await using var visit = await enneo.SignInAsync(chromium, width: 390, height: 844);
        var page = visit.Page;
        var fingers = await page.Context.NewCDPSessionAsync(page);
        await fingers.SendAsync("Emulation.setTouchEmulationEnabled", new() { ["enabled"] = true });
        await OpenAsync(page, mailboxId);

        await TouchAsync(page, fingers, "Delta", TimeSpan.FromMilliseconds(800));
        await Expect(page.GetByText("1 selected")).ToBeVisibleAsync();
        await TouchAsync(page, fingers, "Bravo", TimeSpan.FromMilliseconds(50));
        await Expect(page.GetByText("2 selected")).ToBeVisibleAsync();
        await page.Locator(".bulk [data-shortcut=e]").ClickAsync();

        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Echo", "Charlie", "Alpha"));
        await TouchAsync(page, fingers, "Charlie", TimeSpan.FromMilliseconds(50));
        await Expect(Heading(page)).ToHaveTextAsync("Charlie");
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task All_of_a_view_is_archived_and_one_undo_brings_all_of_it_back()
    {
        const int Count = 120;
        var mailboxId = await FillAsync([.. Enumerable.Range(1, Count).Select(number => $"Parcel {number}")]);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await EnneoStore.UntilAsync(async () => (await enneo.Get<MailboxReports>().ListAsync(Cancel)).Single(report => report.Mailbox.Id == mailboxId).Status is { ProgressTotal: 0, LastSyncAt: not null }, TimeSpan.FromMinutes(1), Cancel);
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Rows(page).First).ToBeVisibleAsync();

        await PressAsync(page, "*");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Select all {Count} conversations in this view" }).ClickAsync();
        await Expect(page.GetByText($"All {Count} in this view selected")).ToBeVisibleAsync();
        await PressAsync(page, "e");

        await Expect(Toast(page, $"Closed · {Count} conversations")).ToBeVisibleAsync();
        await Expect(Rows(page)).ToHaveCountAsync(0);
        await Toast(page, "Closed").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(Rows(page).First).ToBeVisibleAsync();
        await PressAsync(page, "*");
        var isLoadedInPart = page.GetByRole(AriaRole.Button, new() { Name = $"Select all {Count} conversations in this view" });
        await Expect(isLoadedInPart.Or(page.GetByText($"{Count} selected"))).ToBeVisibleAsync();
        Assert.Empty(visit.Errors);
    }

    /// <summary>As a finger does it, which a pointer of this browser is not.</summary>
    private static async Task TouchAsync(IPage page, ICDPSession fingers, string subject, TimeSpan held)
    {
        var box = (await Row(page, subject).BoundingBoxAsync())!;
        Dictionary<string, object> point = new() { ["x"] = box.X + (box.Width / 2), ["y"] = box.Y + (box.Height / 2) };
        await fingers.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchStart", ["touchPoints"] = new[] { point } });
        await page.WaitForTimeoutAsync((float)held.TotalMilliseconds);
        await fingers.SendAsync("Input.dispatchTouchEvent", new() { ["type"] = "touchEnd", ["touchPoints"] = Array.Empty<object>() });
    }

    private Task<long> FillAsync() => FillAsync(s_subjects);

    private async Task<long> FillAsync(string[] subjects)
    {
        var user = dovecot.NewUser();
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (index, subject) in subjects.Index())
        {
            using MimeMessage mail = new([MailboxAddress.Parse($"{subject.ToLowerInvariant().Replace(' ', '.')}@customer.test")], [MailboxAddress.Parse(user)], subject, new TextPart("plain") { Text = $"About {subject}." });
            mail.Date = now.AddMinutes(index - subjects.Length - 100);
            await dovecot.DeliverAsync(user, mail, Cancel, flags: MessageFlags.Seen, internalDate: mail.Date);
        }

        return mailboxId;
    }

    private static async Task OpenAsync(IPage page, long mailboxId)
    {
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await Expect(Rows(page)).ToHaveTextAsync(Subjects("Echo", "Delta", "Charlie", "Bravo", "Alpha"));
    }

    private static async Task PressAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }
    }

    private static Regex[] Subjects(params string[] subjects) => [.. subjects.Select(subject => new Regex(subject))];

    private static ILocator Rows(IPage page) => page.Locator("[data-row]");

    private static ILocator Row(IPage page, string subject) => Rows(page).Filter(new() { HasText = subject });

    private static ILocator Thread(IPage page) => page.GetByRole(AriaRole.Article);

    private static ILocator Heading(IPage page) => page.Locator("[data-heading]");

    private static ILocator Tool(IPage page, string name) => Thread(page).Locator($".tools summary[aria-label='{name}']");

    private static ILocator Toast(IPage page, string words) => page.Locator(".toast").Filter(new() { HasText = words });

    private static ILocator View(IPage page, string name) =>
        page.GetByRole(AriaRole.Navigation, new() { Name = "Mailboxes" }).GetByRole(AriaRole.Link, new() { Name = name });
}
