using System.Text.RegularExpressions;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Journeys;

/// <summary>An admin invites somebody to one of two mailboxes; they join in their own browser, and see it until it is taken away.</summary>
[Trait("Category", "Browser")]
public sealed class AccessTests(DovecotServer dovecot, Chromium chromium) : IClassFixture<DovecotServer>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_invited_sees_the_granted_mailbox_until_it_is_taken_away()
    {
        var (open, secret) = (dovecot.NewUser(), dovecot.NewUser());
        await dovecot.DeliverAsync(open, Letter("Wheel order"), Cancel);
        await dovecot.DeliverAsync(secret, Letter("Salary list"), Cancel);
        await using EnneoApp app = new();
        await app.InitializeAsync();
        await app.AddAsync(dovecot.Mailbox(open) with { Name = "Orders" }, Cancel);
        await app.AddAsync(dovecot.Mailbox(secret) with { Name = "Payroll" }, Cancel);
        await using var admin = await app.SignInAsync(chromium);
        var office = admin.Page;
        await office.GotoAsync("/inbox");
        await Expect(Rows(office)).ToHaveCountAsync(2);
        await Rows(office).Filter(new() { HasText = "Salary list" }).ClickAsync();
        await Expect(office).ToHaveURLAsync(new Regex("ticket="));
        var secretTicket = new Uri(office.Url).PathAndQuery;

        await office.GotoAsync("/settings/people?person=new");
        await office.GetByLabel("Email address").FillAsync("ben@example.test");
        await office.GetByLabel("Name", new() { Exact = true }).FillAsync("Ben");
        await office.GetByRole(AriaRole.Checkbox, new() { Name = "Payroll" }).UncheckAsync();
        await office.GetByRole(AriaRole.Button, new() { Name = "Invite", Exact = true }).ClickAsync();
        var link = await office.GetByLabel("Link of the invitation").InputValueAsync();

        await using var visit = await chromium.VisitAsync(app.Address);
        var page = visit.Page;
        await page.GotoAsync(link);
        await page.Locator("#password").FillAsync("four words of ben");
        await page.GetByRole(AriaRole.Button, new() { Name = "Join" }).ClickAsync();
        await page.GotoAsync("/inbox");
        await Expect(Rows(page)).ToHaveCountAsync(1);
        await Expect(Rows(page)).ToContainTextAsync("Wheel order");
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Mailboxes" })).Not.ToContainTextAsync("Payroll");
        await page.GotoAsync(secretTicket);
        await Expect(page.Locator(".reading")).ToContainTextAsync("not here");
        await Expect(page.Locator("body")).Not.ToContainTextAsync("Salary list");
        await page.GotoAsync("/settings/people");
        await Expect(page.Locator("body")).Not.ToContainTextAsync(EnneoStore.PersonEmail);
        await page.GotoAsync("/inbox");
        await Expect(Rows(page)).ToHaveCountAsync(1);

        await office.GotoAsync("/settings/people");
        await office.GetByRole(AriaRole.Link, new() { Name = "Ben" }).ClickAsync();
        await office.GetByRole(AriaRole.Checkbox, new() { Name = "Orders" }).UncheckAsync();
        await office.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(office.GetByText("Saved.")).ToBeVisibleAsync();
        await Expect(Rows(page)).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        await Expect(page.GetByRole(AriaRole.Navigation, new() { Name = "Mailboxes" })).Not.ToContainTextAsync("Orders");

        await using var late = await chromium.VisitAsync(app.Address);
        await late.Page.GotoAsync(link);
        await Expect(late.Page.GetByText("The link has been used")).ToBeVisibleAsync();
    }

    private static ILocator Rows(IPage page) => page.Locator("[data-row]");

    private static MimeMessage Letter(string subject) => new()
    {
        From = { new MailboxAddress("Marta Nowak", "marta@customer.test") },
        To = { new MailboxAddress("", "us@example.test") },
        Subject = subject,
        Body = new TextPart("plain") { Text = "Hello" },
    };
}
