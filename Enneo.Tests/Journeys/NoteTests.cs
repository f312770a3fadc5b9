using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>An agent sets a priority, writes a note for the others and answers with what was answered before, in a browser and on a real mailbox.</summary>
public sealed class NoteTests(DovecotServer dovecot, EnneoApp enneo, Chromium chromium)
    : IClassFixture<DovecotServer>, IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Priority_note_and_an_earlier_answer()
    {
        var user = dovecot.NewUser();
        var mailboxId = await enneo.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await enneo.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync($"/inbox?mailbox={mailboxId}");
        await DeliverAsync(user, "tom@customer.test", "Leaking kettle", "The kettle leaks at the handle and I need a replacement part.");
        await AnswerAsync(page);
        await page.Mouse.MoveAsync(1000, 400); // under the pointer the list does not move
        await DeliverAsync(user, "marta@customer.test", "Replacement part", "My kettle leaks at the handle since Monday. Can I get a replacement part?");
        await Row(page, "Replacement part").ClickAsync();
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("Replacement part");

        await PrioritiseAsync(page);
        await NoteAsync(page);
        await ChangeAsync(page);
        await BothAsync(page);
        await UseAsync(page);
        Assert.Empty(visit.Errors);
    }

    private static async Task AnswerAsync(IPage page)
    {
        await Row(page, "Leaking kettle").ClickAsync();
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("Leaking kettle");
        await page.Keyboard.PressAsync("r");
        await Text(page).PressSequentiallyAsync("We send you a new seal, free of charge.");
        await page.Keyboard.PressAsync("Control+Enter");
        await Expect(page.Locator("[data-composer]")).ToHaveCountAsync(0);
    }

    private static async Task PrioritiseAsync(IPage page)
    {
        await page.Keyboard.PressAsync("p");
        await page.GetByRole(AriaRole.Menuitemradio, new() { Name = "High" }).ClickAsync();
        await Expect(Row(page, "Replacement part").Locator("[data-priority=High]")).ToBeVisibleAsync();
        await Expect(page.Locator(".thread .meta [data-priority=High]")).ToBeVisibleAsync();
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.Locator("[data-priority=High].mark")).ToHaveCountAsync(0);
    }

    private static async Task NoteAsync(IPage page)
    {
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("[data-composer].note")).ToContainTextAsync("never sent");
        await Text(page).PressSequentiallyAsync("She called twice already.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await Expect(page.Locator(".message.note")).ToBeVisibleAsync();
        await Expect(page.FrameLocator(".message.note iframe").Locator("body")).ToContainTextAsync("She called twice already.");
        await Expect(page.Locator(".message.note .head")).ToContainTextAsync("Internal note");
    }

    private static async Task ChangeAsync(IPage page)
    {
        await page.Locator("[data-edit-note]").ClickAsync();
        await Expect(Text(page)).ToContainTextAsync("She called twice already.");
        await Text(page).PressSequentiallyAsync("Tom says: ");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change note" }).ClickAsync();
        await Expect(page.FrameLocator(".message.note iframe").Locator("body")).ToContainTextAsync("Tom says: She called twice already.");
        await Expect(page.Locator(".message.note [data-changed]")).ToContainTextAsync("edited");
        await page.Locator("[data-delete-note]").ClickAsync();
        await Expect(page.Locator(".message.note")).ToHaveCountAsync(0);
        await page.Locator(".toast").GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(page.FrameLocator(".message.note iframe").Locator("body")).ToContainTextAsync("Tom says");
        await Expect(page.Locator(".thread")).ToContainTextAsync(new Regex("put a note back"));
    }

    /// <summary>A note is written while an answer waits, and neither loses a word.</summary>
    private static async Task BothAsync(IPage page)
    {
        await page.Keyboard.PressAsync("r");
        await Text(page).PressSequentiallyAsync("It leaves tomorrow.");
        await page.Locator(".writing").GetByRole(AriaRole.Button, new() { Name = "Note", Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-composer].note")).ToBeVisibleAsync();
        await Text(page).PressSequentiallyAsync("Ask Tom first.");
        await page.Locator("[data-writing=Reply]").ClickAsync();
        await Expect(Text(page)).ToHaveTextAsync("It leaves tomorrow.");
        await page.Locator("[data-writing=Note]").ClickAsync();
        await Expect(Text(page)).ToHaveTextAsync("Ask Tom first.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await Expect(Text(page)).ToHaveTextAsync("It leaves tomorrow.");
    }

    private static async Task UseAsync(IPage page)
    {
        var similar = page.Locator("[data-answer-help] [data-similar]");
        await Expect(similar).ToContainTextAsync("Leaking kettle");
        await similar.Locator("summary").ClickAsync();
        await similar.Locator("[data-use-answer]").ClickAsync();
        await Expect(Text(page)).ToContainTextAsync("We send you a new seal, free of charge.");
        await similar.Locator("[data-use-answer]").ClickAsync(); // into the answer that is open
        await Expect(Text(page)).ToContainTextAsync(new Regex("free of charge.*free of charge", RegexOptions.Singleline));
    }

    private async Task DeliverAsync(string user, string from, string subject, string text)
    {
        using MimeMessage mail = new([MailboxAddress.Parse(from)], [MailboxAddress.Parse(user)], subject, new TextPart("plain") { Text = text });
        await dovecot.DeliverAsync(user, mail, Cancel, internalDate: TimeProvider.System.GetUtcNow().AddSeconds(1));
    }

    private static ILocator Row(IPage page, string subject) => page.Locator("[data-row]").Filter(new() { HasText = subject });

    private static ILocator Text(IPage page) => page.Locator("[data-composer] .text:visible");
}
