using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>Somebody looks for a mail with the keyboard alone, and finds it by what stands in it.</summary>
[Trait("Category", "Browser")]
public sealed class SearchTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_mail_is_found_read_and_left_again()
    {
        var user = dovecot.NewUser();
        await dovecot.DeliverAsync(user, Letter("Ablesung", "Marta Nowak", "marta@customer.test", "Der Zählerstand ist 48213.", "Foto vom Zähler.pdf"), Cancel);
        await dovecot.DeliverAsync(user, Letter("Frage", "Ben Adler", "ben@customer.test", "Wann kommt der Ableser?"), Cancel);
        await using EnneoApp app = new();
        await app.InitializeAsync();
        await app.AddAsync(dovecot.Mailbox(user), Cancel);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/inbox");
        await Expect(Rows(page)).ToHaveCountAsync(2);

        await page.Keyboard.PressAsync("/");
        var box = page.GetByRole(AriaRole.Combobox, new() { Name = "Search mail" });
        await Expect(box).ToBeFocusedAsync();
        await Expect(page.GetByRole(AriaRole.Option).Filter(new() { HasText = "from:" })).ToBeVisibleAsync();
        await page.Keyboard.TypeAsync("zahlerst");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page).Locator("mark")).ToHaveTextAsync("Zählerstand");
        await Expect(page).ToHaveURLAsync(new Regex("q=zahlerst$"));
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Search results" }).GetByRole(AriaRole.Status)).ToHaveTextAsync("1 mail");

        await box.FillAsync("");
        await page.Keyboard.TypeAsync("from:ben");
        await Expect(page.GetByRole(AriaRole.Option)).ToContainTextAsync(["ben@customer.test"]);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(box).ToHaveValueAsync("from:ben@customer.test ");
        await Expect(Rows(page)).ToHaveTextAsync([new Regex("Frage")]);

        await box.FillAsync("filename:foto");
        await Expect(Rows(page)).ToHaveTextAsync([new Regex("Foto vom Zähler.pdf")]);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("j");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.FrameLocator("iframe[title='Marta Nowak']").GetByText("Der Zählerstand ist 48213.")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Heading)).ToHaveTextAsync("Ablesung");

        await page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Heading).FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page).ToHaveURLAsync(new Regex("q=filename%3Afoto$"));
        await Expect(page.GetByRole(AriaRole.Article)).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(Rows(page)).ToHaveCountAsync(2);
        Assert.Empty(visit.Errors);
    }

    private static MimeMessage Letter(string subject, string name, string address, string text, string? file = null)
    {
        BodyBuilder body = new() { TextBody = text };
        if (file is not null)
        {
            body.Attachments.Add(file, "%PDF-1.4"u8.ToArray(), new ContentType("application", "pdf"));
        }

        return new([new MailboxAddress(name, address)], [MailboxAddress.Parse("support@example.test")], subject, body.ToMessageBody());
    }

    private static ILocator Rows(IPage page) => page.Locator("[data-row]");
}
