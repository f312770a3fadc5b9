using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Integrations.Connected;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Enneo.Web.Shell;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Connected;

/// <summary>An admin connects another ticket system, and decides what both do not agree on, in a browser.</summary>
public sealed class IntegrationJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_admin_adds_an_integration_is_told_of_a_mapping_that_does_not_come_back_and_settles_a_conflict()
    {
        var mailbox = await app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        await using var visit = await app.SignInAsync(chromium);
        var page = visit.Page;
        await page.GotoAsync("/settings/integrations");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first integration" }).ClickAsync();
        await page.GetByLabel("Other system", new() { Exact = true }).SelectOptionAsync("Zammad");
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Zammad desk");
        await page.GetByLabel("Address of its API").FillAsync("https://zammad.example.com");
        await page.GetByLabel("Key of its API").FillAsync("token");
        await page.GetByLabel("New tickets go there to").FillAsync("Users");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit the names of Status as text" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Names of Status" }).FillAsync("open = open\nclosed = closed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit as a table" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a row to the names of Status" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var status = page.GetByRole(AriaRole.Table, new() { Name = "Names of Status" });
        await Expect(status.GetByLabel("Here, row 3", new() { Exact = true })).ToBeFocusedAsync();
        await status.GetByLabel("Here, row 3", new() { Exact = true }).SelectOptionAsync("open");
        await status.GetByLabel("There, row 3", new() { Exact = true }).FillAsync("new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText("\"new\" comes back as \"open\"")).ToBeVisibleAsync();
        await visit.ShotAsync("mapping");
        await status.GetByLabel("Which way, row 3").SelectOptionAsync("In");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).DblClickAsync(); // makes one
        await Expect(page.GetByLabel("Secret", new() { Exact = true })).Not.ToHaveValueAsync("");
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept it" }).ClickAsync();
        await Expect(page.GetByLabel("Address that it posts to")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("/api/mind/hook/1$"));
        await Expect(page.GetByText("nothing yet")).ToBeVisibleAsync();

        ImportedMail mail = new(FolderRole.Inbox, "From: mia@customer.example\r\nSubject: Parcel\r\n\r\nWhere is it?\r\n"u8.ToArray(), app.Get<TimeProvider>().GetUtcNow(), Seen: true);
        var ticket = (await app.Get<MailImport>().ReceiveAsync(mailbox, mail, Cancel)).TicketId;
        await app.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var owner = await db.Set<Integration>().Join(db.ApiKeys, i => i.KeyId, k => k.Id, (_, k) => k.UserId).SingleAsync(token);
                db.Add(new ExternalTicket { OwnerId = owner, ExternalId = "77", TicketId = ticket });
                db.Add(new SyncedMessage { IntegrationId = 1, ExternalId = "778", ExternalTicketId = "77", MessageId = 1, Difference = MessageDifference.GoneThere, DifferentAt = app.Get<TimeProvider>().GetUtcNow(), OursShown = "Call her back" });
                db.Add(new SyncedValue { IntegrationId = 1, ExternalTicketId = "77", Field = SyncedField.Status, Ours = "open", Theirs = "open", ConflictAt = app.Get<TimeProvider>().GetUtcNow(), ConflictOurs = "pending", ConflictTheirs = "closed" });
                await db.SaveChangesAsync(token);
            },
            Cancel);
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
        await Expect(page.GetByText("conflicts: 1")).ToBeVisibleAsync();
        await visit.ShotAsync("integration");
        await page.SetViewportSizeAsync(390, 844);
        Assert.True(await page.EvaluateAsync<bool>("document.querySelector('main').scrollWidth <= document.querySelector('main').clientWidth"));
        await page.GetByRole(AriaRole.Button, new() { Name = "There: closed" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "There: closed" })).ToBeDisabledAsync();
        await Expect(page.GetByText("Call her back")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete it here" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Delete it here" })).ToBeDisabledAsync();
        var chosen = await app.Get<WriterLane>().RunAsync((db, token) => db.Set<SyncedValue>().Select(value => value.Choice).SingleAsync(token), Cancel);

        await app.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                db.Add(new SyncedTicket { IntegrationId = 1, ExternalTicketId = "77", SettledAt = app.Get<TimeProvider>().GetUtcNow(), Problem = "A file is too large." });
                await db.SaveChangesAsync(token);
            },
            Cancel);
        await page.GetByRole(AriaRole.Button, new() { Name = "Refresh" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = $"#{ticket}", Exact = true })).ToHaveAttributeAsync("href", Urls.Inbox(ticketId: ticket));
        await page.GetByRole(AriaRole.Button, new() { Name = "Try now" }).First.ClickAsync();
        await EnneoStore.UntilAsync(() => app.Get<WriterLane>().RunAsync((db, token) => db.Activity.AnyAsync(e => e.Changes.Contains("retried"), token), Cancel), TimeSpan.FromSeconds(10), Cancel);

        await page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true }).Last.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it, and what both had agreed on" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add the first integration" }).ClickAsync();
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Name", Exact = true }).FillAsync("Another desk");
        await page.GetByLabel("Address of its API").FillAsync("http://127.0.0.1:9/api/mind");
        await page.GetByLabel("our own network").CheckAsync();
        await page.GetByLabel("Key of its API").FillAsync("key");
        await page.GetByLabel("New tickets go there to").FillAsync("1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Expect(page.GetByText("The webhook was not made there")).ToBeVisibleAsync();

        Assert.Equal(ConflictChoice.Theirs, chosen);
        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }
}
