using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Invitations;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Microsoft365;

/// <summary>From the registration to the answer that arrives, in a browser, against an authority and mail servers that take nothing but its tokens.</summary>
[Trait("Category", "Browser")]
public sealed class ConnectJourneyTests(Office365 office, Chromium chromium) : IClassFixture<Office365>, IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00", ["Enneo:Alerts:LoginUnfinishedFor"] = "00:00:02" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_mailbox_is_connected_by_a_login_and_then_receives_and_sends_by_itself()
    {
        var user = office.Dovecot.NewUser();
        var customer = office.Dovecot.NewUser();
        await using var visit = await _app.SignInAsync(chromium, trustsEverybody: true);
        var page = visit.Page;
        await RegisterAsync(page);

        await page.GotoAsync("/settings/email-accounts?account=new");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Microsoft 365" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(user);
        await page.GetByLabel("Email address").BlurAsync();
        await Expect(page.Locator("#access-token")).ToHaveValueAsync("");
        await NeverComeBackAsync(page);
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await Expect(login.GetByLabel("Account")).ToHaveValueAsync(user); // the login hint
        await login.GetByLabel("Password").FillAsync(EntraPerson.Password);
        await login.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(login.Locator("[data-end=Connected]")).ToBeVisibleAsync();
        Assert.DoesNotContain("code=", login.Url, StringComparison.Ordinal);
        await login.CloseAsync();

        await Expect(page.Locator("#access-token")).ToHaveValueAsync("••••••••••••••••");
        await Expect(page.Locator("#refresh-token")).ToHaveValueAsync("••••••••••••••••");
        await Expect(page.Locator("[data-valid]")).ToContainTextAsync("valid until");
        await Expect(page.Locator("[data-renews]")).ToHaveTextAsync("renews by itself");
        await Expect(page.Locator("[data-connected-as]")).ToHaveTextAsync($"Connected as {user}");
        await Expect(page.Locator("[data-imap]")).ToContainTextAsync($"localhost:{office.Dovecot.ImapsPort}");

        await TryOtherRoadAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Email Receipt" }).ClickAsync();
        await Expect(page.Locator(".steps")).ToContainTextAsync($"Signed in as {user}");
        await Expect(page.Locator(".steps")).ToContainTextAsync("INBOX opened");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Added. Its mail is on the way")).ToBeVisibleAsync();

        using MimeMessage mail = new([MailboxAddress.Parse(customer)], [MailboxAddress.Parse(user)], "Invoice 17", new TextPart("plain") { Text = "Where is it?" });
        await office.Dovecot.DeliverAsync(user, mail, Cancel);
        await page.GotoAsync("/inbox");
        await page.Locator("[data-row]", new() { HasText = "Invoice 17" }).ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Invoice 17");
        await page.Keyboard.PressAsync("r");
        await page.Locator("[data-editor]:not([hidden])").PressSequentiallyAsync("It is attached to our last mail.");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await page.Locator("[data-send]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send anyway" }).ClickAsync(); // it speaks of an attachment and has none
        await EnneoStore.UntilAsync(async () => (await office.Dovecot.SubjectsAsync(customer, "INBOX", Cancel)).Contains("Re: Invoice 17"), TimeSpan.FromSeconds(60), Cancel, 200);
        Assert.Contains("XOAUTH2", office.Exim.Log() + office.Dovecot.Log, StringComparison.OrdinalIgnoreCase);

        await TakeTheAppItselfAsync(page, user);
        await JoinAsync();
        await page.GotoAsync("about:blank"); // the page, which refreshes itself, ends before the program does
        Assert.Empty(visit.Errors);
    }

    /// <summary>Where Microsoft wants an administrator's approval its page stays where it is: after a while ours asks.</summary>
    private async Task NeverComeBackAsync(IPage page)
    {
        office.Entra.NeedsApproval = true;
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await Expect(login.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Need admin approval");
        await login.CloseAsync();
        office.Entra.NeedsApproval = false;
        await Expect(page.Locator("[data-late]")).ToContainTextAsync("administrator's approval");
        await page.Locator("summary", new() { HasText = "Need admin approval" }).ClickAsync();
        await Expect(page.Locator("[data-consent-link]")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("/adminconsent\\?client_id="));
    }

    /// <summary>Somebody who was invited joins by Microsoft, and is asked first whether that is them.</summary>
    private async Task JoinAsync()
    {
        Assert.Empty(await _app.Get<Microsoft365SettingsEditing>().SaveAsync(office.Registration with { People = new PeopleLogins(IsOn: true) }, Actor.Operator, "test", Cancel));
        var admin = Actor.User((await _app.Get<Accounts>().FindAsync(EnneoStore.PersonEmail, Cancel))!.Value);
        var invited = await _app.Get<Inviting>().InviteAsync(new NewInvitation("hugo@example.test", "Hugo", Roles.Agent), admin, "test", Cancel);
        await using var visit = await chromium.VisitAsync(_app.Address, trustsEverybody: true);
        await visit.Page.GotoAsync($"/invitation/{invited.Link!.Token}");
        await visit.Page.Locator("[data-join-microsoft]").ClickAsync();
        await visit.Page.GetByLabel("Account").FillAsync("h.b@other.example.test");
        await visit.Page.GetByLabel("Password").FillAsync(EntraPerson.Password);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(visit.Page.Locator("[data-joining]")).ToContainTextAsync("h.b@other.example.test");
        await visit.ShotAsync("joining");
        await visit.Page.Locator("[data-join]").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(_app.Address.ToString());
        Assert.Empty(visit.Errors);
    }

    /// <summary>Sending by Graph and back.</summary>
    private async Task TryOtherRoadAsync(IPage page)
    {
        var registration = office.Registration;
        await Expect(page.GetByLabel("Send by")).ToHaveValueAsync("smtp"); // which was tried right after connecting
        await page.GetByLabel("Send by").SelectOptionAsync("graph");
        await Expect(page.Locator("[data-smtp]")).ToHaveTextAsync(registration.Own!.Graph);
        await page.GetByLabel("Send by").SelectOptionAsync("smtp");
        await Expect(page.Locator("[data-smtp]")).ToHaveTextAsync(registration.Own.Smtp);
    }

    /// <summary>The app's own access in place of the person's.</summary>
    private async Task TakeTheAppItselfAsync(IPage page, string user)
    {
        var registration = office.Registration;
        await page.GotoAsync("/settings/email-accounts?account=1");
        await Expect(page.Locator("[data-connected-as]")).ToHaveTextAsync($"Connected as {user}");
        office.Entra.ApplicationMailbox = user;
        await page.Locator("summary", new() { HasText = "Without a person" }).ClickAsync();
        await Expect(page.Locator("[data-script]")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"AppId eq ''{registration.ClientId}''[\\s\\S]*-Identity '{System.Text.RegularExpressions.Regex.Escape(user)}' "));
        await page.Locator("[data-application]").ClickAsync();
        await Expect(page.Locator("[data-connected-as]")).ToHaveTextAsync($"Connected as the app itself ({registration.ClientId})");
    }

    private async Task RegisterAsync(IPage page)
    {
        await page.GotoAsync("/settings/microsoft365");
        await Expect(page.Locator("[data-redirect]")).ToHaveValueAsync($"{_app.Address}microsoft365/callback");
        await Expect(page.Locator("[data-check]")).ToBeDisabledAsync();
        var registration = office.Registration;
        await page.GetByLabel("Directory (tenant) ID").FillAsync(registration.Tenant);
        await page.GetByLabel("Application (client) ID").FillAsync(registration.ClientId);
        await page.GetByLabel("Client secret (its Value)").FillAsync(registration.Secret!);
        await page.Locator("summary", new() { HasText = "Advanced" }).ClickAsync();
        await page.GetByLabel("Cloud").SelectOptionAsync("Own");
        await page.GetByLabel("Authority").FillAsync(registration.Own!.Authority);
        await page.GetByLabel("Microsoft Graph", new() { Exact = true }).FillAsync(registration.Own.Graph);
        await page.GetByLabel("IMAP server").FillAsync(registration.Own.Imap);
        await page.GetByLabel("SMTP server").FillAsync(registration.Own.Smtp);
        await page.GetByLabel("Trusted certificate (SHA-256)").FillAsync(registration.Own.TrustedCertificate!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("[data-said]")).ToHaveTextAsync("Saved.");
        await page.Locator("[data-check]").ClickAsync();
        await Expect(page.Locator("[data-findings] .finding-good")).ToContainTextAsync(["Microsoft accepts the app and its secret.", "The redirect address is registered."]);
    }
}
