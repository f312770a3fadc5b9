using System.Globalization;
using System.Text;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Comparison;

/// <summary>An admin lays a mailbox beside another helpdesk's list, and takes over how its tickets stand, in a browser.</summary>
public sealed class LostMailJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_uploads_a_list_sees_what_was_lost_and_takes_over_the_rest()
    {
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        for (var i = 1; i <= 3; i++)
        {
            var raw = string.Create(CultureInfo.InvariantCulture, $"From: c{i}@customer.example\r\nTo: support@example.test\r\nSubject: Order {i}\r\nMessage-ID: <order{i}@customer.example>\r\n\r\nHello\r\n");
            await app.Get<MailImport>().ReceiveAsync(mailbox, new ImportedMail(FolderRole.Inbox, Encoding.UTF8.GetBytes(raw), TimeProvider.System.GetUtcNow().AddHours(i - 5), Seen: false), Cancel);
        }

        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/lost-mail-audit");
        await page.GetByLabel("Its name").FillAsync("FreeScout");
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload
        {
            Name = "list.csv",
            MimeType = "text/csv",
            Buffer = Encoding.UTF8.GetBytes($"message_id,ticket,status,assignee\n<order1@customer.example>,17,3,{EnneoStore.PersonEmail}\n<order3@customer.example>,18,1,\n"),
        });
        await Expect(page.GetByText("Difference 0")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Never imported · 1" })).ToBeVisibleAsync();
        await Expect(page.GetByText("order2@customer.example")).ToBeVisibleAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export as CSV" }).ClickAsync());
        Assert.Contains("order2@customer.example", await File.ReadAllTextAsync(await file.PathAsync(), Cancel), StringComparison.Ordinal);

        await page.GetByRole(AriaRole.Button, new() { Name = "Show what would change" }).ClickAsync();
        await Expect(page.GetByText("2 tickets are in both")).ToBeVisibleAsync();
        await Expect(page.GetByText("1 get another assignee")).ToBeVisibleAsync();
        await visit.ShotAsync("lost-mail");
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it over" }).ClickAsync();
        await Expect(page.GetByText("Taken over: 2 tickets.")).ToBeVisibleAsync();
        await page.SetViewportSizeAsync(390, 844);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Take it back" }).ClickAsync();
        await Expect(page.GetByText("1 tickets are as before.")).ToBeVisibleAsync();

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }
}
