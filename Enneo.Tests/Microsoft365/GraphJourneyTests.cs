using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Microsoft365;

/// <summary>A mailbox in a tenant that switched IMAP and SMTP AUTH off, in a browser: received, worked on and answered from by Microsoft Graph alone.</summary>
[Trait("Category", "Browser")]
public sealed class GraphJourneyTests(Office365 office, Chromium chromium) : IClassFixture<Office365>, IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };
    private readonly ScriptedImapServer _imap = new() { Certificate = office.Dovecot.Certificate, ImplicitTls = true, Override = CatalogueHouse.SignInOnlyAsync };
    private readonly SmtpSink _smtp = new()
    {
        Certificate = office.Dovecot.Certificate,
        OfferStartTls = true,
        Mechanisms = "XOAUTH2",
        User = "whoever has a token",
        SignInRefusal = CatalogueRows.SmtpSignIn[0].Answer,
    };

    private readonly string _address = office.Dovecot.NewUser();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private GraphServer Graph => office.Entra.Graph;

    private GraphMail Mail => Graph.Mail.Mailboxes[_address];

    public async ValueTask InitializeAsync()
    {
        await _imap.InitializeAsync();
        await _smtp.InitializeAsync();
        await _app.InitializeAsync();
        Graph.Mail.Add(_address);
        Graph.FileAsync = (_, mime) => Task.FromResult(Mail.Deliver(mime, "sentitems", isRead: true)); // as Exchange does
        var own = office.Registration.Own! with { Imap = string.Create(CultureInfo.InvariantCulture, $"localhost:{_imap.Port}"), Smtp = string.Create(CultureInfo.InvariantCulture, $"localhost:{_smtp.Port}") };
        Assert.Empty(await _app.Get<Microsoft365SettingsEditing>().SaveAsync(office.Registration with { Own = own }, Actor.Operator, "test", Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        Graph.FileAsync = (_, _) => Task.CompletedTask;
        await _app.DisposeAsync();
        await _smtp.DisposeAsync();
        await _imap.DisposeAsync();
    }

    [Fact]
    public async Task A_mailbox_without_IMAP_and_SMTP_is_connected_and_then_received_worked_on_and_answered_from_by_Graph()
    {
        await using var visit = await _app.SignInAsync(chromium, trustsEverybody: true);
        var page = visit.Page;
        await ConnectAsync(page);
        await TestAsync(page);
        await visit.ShotAsync("graph-road");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Added. Its mail is on the way")).ToBeVisibleAsync();

        foreach (var subject in (string[])["Offer 31", "Delivery 9"])
        {
            using MimeMessage mail = new([MailboxAddress.Parse("jonas@customer.example")], [MailboxAddress.Parse(_address)], subject, new TextPart("plain") { Text = "Good morning," });
            Mail.Deliver(mail);
        }

        await page.GotoAsync("/settings/email-accounts?account=1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sync now" }).ClickAsync();
        await visit.ShotAsync("graph-mailbox");
        await page.GotoAsync("/inbox");
        await WorkAsync(page);
        await AnswerAsync(page);
        await page.GotoAsync("about:blank"); // the page, which refreshes itself, ends before the program does
        Assert.Empty(visit.Errors);
    }

    /// <summary>Both roads are tried right after connecting, and what is found is said.</summary>
    private async Task ConnectAsync(IPage page)
    {
        await page.GotoAsync("/settings/email-accounts?account=new");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Microsoft 365" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(_address);
        await page.GetByLabel("Email address").BlurAsync();
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await login.GetByLabel("Password").FillAsync(EntraPerson.Password);
        await login.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(login.Locator("[data-end=Connected]")).ToBeVisibleAsync();
        await login.CloseAsync();
        await Expect(page.Locator("#access-token")).ToHaveValueAsync("••••••••••••••••");
        await Expect(page.Locator("#refresh-token")).ToHaveValueAsync("••••••••••••••••");

        await Expect(page.GetByLabel("Receive by")).ToHaveValueAsync("graph");
        await Expect(page.Locator("[data-receiving-road]")).ToContainTextAsync(Causes.ImapDisabled);
        await Expect(page.GetByLabel("Send by")).ToHaveValueAsync("graph");
        await Expect(page.Locator("[data-imap]")).ToHaveTextAsync($"{office.Entra.Address}/graph");
    }

    /// <summary>By either road, as the form says.</summary>
    private async Task TestAsync(IPage page)
    {
        var test = page.GetByRole(AriaRole.Button, new() { Name = "Test Email Receipt" });
        await page.GetByLabel("Receive by").SelectOptionAsync("imap");
        await test.ClickAsync();
        await Expect(page.Locator(".steps")).ToContainTextAsync("Microsoft Graph opens the mailbox");

        await page.GetByLabel("Receive by").SelectOptionAsync("graph");
        await test.ClickAsync();
        await Expect(page.Locator(".steps")).ToContainTextAsync($"Signed in as {_address} (Microsoft Graph)");
        await Expect(page.Locator(".steps")).ToContainTextAsync("INBOX opened");
    }

    private async Task WorkAsync(IPage page)
    {
        await Row(page, "Delivery 9").ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Delivery 9");
        await page.Keyboard.PressAsync("!");
        await Expect(Row(page, "Delivery 9")).Not.ToBeAttachedAsync();

        await Row(page, "Offer 31").ClickAsync();
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Offer 31");
        await page.Keyboard.PressAsync("s");
        await Expect(Row(page, "Offer 31").GetByLabel("Starred")).ToBeVisibleAsync();
        await UntilAsync(() => Mail.BySubject("Delivery 9").FolderId == GraphMail.IdOf("junkemail") && Mail.BySubject("Offer 31") is { IsRead: true, IsFlagged: true });
    }

    private async Task AnswerAsync(IPage page)
    {
        await page.Keyboard.PressAsync("r");
        await page.Locator("[data-editor]:not([hidden])").PressSequentiallyAsync("It stands until Friday.");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await page.Locator("[data-send]").ClickAsync();
        await UntilAsync(() => Graph.Sent.Any(sent => sent.Address == _address));
        using var sent = await MimeMessage.LoadAsync(new MemoryStream(Graph.Sent.Single(sent => sent.Address == _address).Mime), Cancel);
        Assert.Equal(("Re: Offer 31", "jonas@customer.example"), (sent.Subject, sent.To.Mailboxes.Single().Address));
    }

    private static ILocator Row(IPage page, string subject) => page.Locator("[data-row]", new() { HasText = subject });

    private static Task UntilAsync(Func<bool> isSo) => EnneoStore.UntilAsync(() => Task.FromResult(isSo()), TimeSpan.FromSeconds(60), Cancel);
}
