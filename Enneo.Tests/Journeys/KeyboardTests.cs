using Enneo.Tests.Servers;
using MailKit;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>A day's work without a pointer: sign in, read, answer, file, find, take back.</summary>
[Trait("Category", "Browser")]
public sealed class KeyboardTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly SmtpSink _sink = new() { User = "support@workshop.test" };
    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:01" } };
    private string _user = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _sink.InitializeAsync();
        await _app.InitializeAsync();
        _user = dovecot.NewUser();
        await dovecot.CreateFolderAsync(_user, "Invoices", Cancel);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var (index, subject) in new[] { "The meter", "The invoice", "The bicycle" }.Index())
        {
            using MimeMessage mail = new([MailboxAddress.Parse($"customer{index}@customer.test")], [MailboxAddress.Parse(_user)], subject, new TextPart("plain") { Text = $"About {subject}." });
            mail.Date = now.AddMinutes(index - 100);
            await dovecot.DeliverAsync(_user, mail, Cancel, internalDate: mail.Date);
        }

        await _app.AddAsync(dovecot.Mailbox(_user, _sink), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Fact]
    public async Task Reading_answering_and_filing_need_no_pointer()
    {
        await using var visit = await chromium.VisitAsync(_app.Address);
        var page = visit.Page;
        await SignInAsync(page);
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(3);

        await PressAsync(page, "j", "Enter");
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("The bicycle");
        await PressAsync(page, "r");
        await Expect(page.Locator("[data-editor]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("It is ready on Monday.");
        await PressAsync(page, "Control+Enter");
        await Expect(page.Locator("[data-editor]")).ToHaveCountAsync(0);
        Assert.Contains("ready on Monday", (await _sink.WaitForAsync("Re: The bicycle", Cancel)).Parse().TextBody!, StringComparison.Ordinal);
        await PressAsync(page, "e");
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("The invoice");

        await PressAsync(page, "v");
        await Expect(page.Locator("details[data-menu][open] [data-menu-item]").First).ToBeFocusedAsync();
        for (var presses = 0; presses < 12 && await FocusedAsync(page) != "Invoices"; presses++)
        {
            await PressAsync(page, "ArrowDown");
        }

        Assert.Equal("Invoices", await FocusedAsync(page));
        await PressAsync(page, "Enter");
        await Expect(page.Locator(".toast span")).ToHaveTextAsync("Moved to Invoices");
        await PressAsync(page, "z"); // within the ten seconds for which it is offered, wherever the mail is by then
        await Expect(page.Locator(".toast span")).ToHaveTextAsync("Undone");
        await EnneoStore.UntilAsync(
            async () => await dovecot.CountAsync(_user, Cancel, folder: "Invoices") == 0 && (await dovecot.ListAsync(_user, Cancel)).Any(mail => mail.Parse().Subject == "The invoice"),
            TimeSpan.FromSeconds(60),
            Cancel);

        await PressAsync(page, "Escape", "/");
        await Expect(page.Locator("[data-search]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("meter");
        await PressAsync(page, "Enter");
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(1);
        await PressAsync(page, "ArrowDown", "Enter");
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("The meter");
        await PressAsync(page, "s");
        await EnneoStore.UntilAsync(async () => (await dovecot.ListAsync(_user, Cancel)).Any(mail => mail.Parse().Subject == "The meter" && mail.Flags.HasFlag(MessageFlags.Flagged)), TimeSpan.FromSeconds(30), Cancel);
        Assert.Empty(visit.Errors);
    }

    private static async Task SignInAsync(IPage page)
    {
        await page.GotoAsync("/");
        await Expect(page.Locator("#email")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(EnneoStore.PersonEmail);
        await PressAsync(page, "Tab");
        await page.Keyboard.TypeAsync(EnneoStore.PersonPassword);
        await PressAsync(page, "Enter");
    }

    private static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.textContent.trim()");

    private static async Task PressAsync(IPage page, params string[] keys)
    {
        foreach (var key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }
    }
}
