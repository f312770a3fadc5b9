using System.Text;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>An admin writes a template, and puts it into answers by the button and by the slash.</summary>
[Trait("Category", "Browser")]
public sealed class TemplateTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_template_is_written_once_and_used_twice()
    {
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        var raw = Encoding.UTF8.GetBytes("From: Marta <marta@customer.example>\r\nTo: support@example.test\r\nSubject: My parcel\r\nMessage-ID: <parcel@customer.example>\r\n\r\nWhere is it?\r\n");
        var mail = await app.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, raw, TimeProvider.System.GetUtcNow(), Seen: false), Cancel);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;

        await page.GotoAsync("/settings/templates");
        await page.GetByRole(AriaRole.Link, new() { Name = "Write the first template" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("Parcel");
        await page.GetByLabel("Text").FillAsync("Dear {{customer}},\nticket {{ticket}} is on its way.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add template" }).ClickAsync();
        await Expect(page.Locator(".templates a")).ToContainTextAsync("Parcel");
        await visit.ShotAsync("templates");

        await page.GotoAsync($"/inbox?ticket={mail.TicketId}");
        await Expect(page.Locator("[data-heading]")).ToHaveTextAsync("My parcel");
        await page.Keyboard.PressAsync("r");
        await page.Locator("[data-templates]").ClickAsync();
        await visit.ShotAsync("templates-picker");
        await page.Locator("dialog [data-template]").ClickAsync();
        await Expect(Text(page)).ToContainTextAsync($"Dear Marta,");
        await Expect(Text(page)).ToContainTextAsync($"ticket {mail.TicketId} is on its way.");

        await Text(page).PressAsync("Control+End");
        await page.Keyboard.TypeAsync(" 1/2");
        await Expect(page.Locator("dialog [data-template]")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("/");
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Find a template" }).FillAsync("parc");
        await page.Keyboard.PressAsync("Enter");
        await Expect(Text(page)).ToContainTextAsync(new System.Text.RegularExpressions.Regex("Dear Marta.*1/2.*Dear Marta", System.Text.RegularExpressions.RegexOptions.Singleline));
        Assert.Empty(visit.Errors);
    }

    private static ILocator Text(IPage page) => page.Locator("[data-composer] .text:visible");
}
