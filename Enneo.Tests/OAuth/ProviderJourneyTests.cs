using System.Globalization;
using Enneo.Tests.Servers;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.OAuth;

/// <summary>From setting a provider up to the answer that arrives, in a browser, against mail servers that take nothing but its tokens.</summary>
[Trait("Category", "Browser")]
public sealed class ProviderJourneyTests(OtherProvider provider, Chromium chromium) : IClassFixture<OtherProvider>, IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Dots = "••••••••••••••••";

    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _app.InitializeAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_mailbox_is_connected_by_a_login_at_another_provider_and_then_receives_and_sends_by_itself()
    {
        var (user, customer) = (provider.Dovecot.NewUser(), provider.Dovecot.NewUser());
        await using var visit = await _app.SignInAsync(chromium, trustsEverybody: true);
        var page = visit.Page;
        await SetUpAsync(page);

        await page.GotoAsync("/settings/email-accounts?account=new");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Google" }).ClickAsync();
        await Expect(page.GetByText("Google is not set up yet.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "Other (OAuth)" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(user);
        await page.GetByLabel("Email address").BlurAsync();
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await Expect(login.GetByLabel("Account")).ToHaveValueAsync(user); // the login hint
        await login.GetByLabel("Password").FillAsync(OidcServer.Password);
        await login.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await Expect(login.Locator("[data-end=Connected]")).ToBeVisibleAsync();
        Assert.DoesNotContain("code=", login.Url, StringComparison.Ordinal);
        await login.CloseAsync();

        await Expect(page.Locator("#access-token")).ToHaveValueAsync(Dots);
        await Expect(page.Locator("#refresh-token")).ToHaveValueAsync(Dots);
        await Expect(page.Locator("[data-connected-as]")).ToHaveTextAsync($"Connected as {user}");
        await Expect(page.Locator("[data-smtp]")).ToHaveTextAsync($"localhost:{provider.Exim.Port}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test Email Receipt" }).ClickAsync();
        await Expect(page.Locator(".steps")).ToContainTextAsync("INBOX opened");
        var html = await page.ContentAsync();
        Assert.DoesNotContain(provider.Oidc.GivenTokens, token => html.Contains(token[..40], StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Added. Its mail is on the way")).ToBeVisibleAsync();

        using MimeMessage mail = new([MailboxAddress.Parse(customer)], [MailboxAddress.Parse(user)], "Invoice 18", new TextPart("plain") { Text = "Where is it?" });
        await provider.Dovecot.DeliverAsync(user, mail, Cancel);
        await page.GotoAsync("/inbox");
        await page.Locator("[data-row]", new() { HasText = "Invoice 18" }).ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Invoice 18");
        await page.Keyboard.PressAsync("r");
        await page.Locator("[data-editor]:not([hidden])").PressSequentiallyAsync("It is on its way.");
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await page.Locator("[data-send]").ClickAsync();
        await EnneoStore.UntilAsync(async () => (await provider.Dovecot.SubjectsAsync(customer, "INBOX", Cancel)).Contains("Re: Invoice 18"), TimeSpan.FromSeconds(60), Cancel, 200);
        await page.GotoAsync("about:blank"); // the page, which refreshes itself, ends before the program does
        Assert.Empty(visit.Errors);
    }

    private async Task SetUpAsync(IPage page)
    {
        var settings = provider.Settings;
        await page.GotoAsync("/settings/oauth");
        await page.Locator("[data-google]").ClickAsync();
        await Expect(page.GetByText("Gmail API")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Add another provider" }).ClickAsync();
        await Expect(page.Locator("#provider-authorize")).ToBeVisibleAsync(); // Google's form, which has a name too, is gone
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(settings.Name);
        await page.GetByLabel("Client ID").FillAsync(settings.ClientId);
        await page.GetByLabel("Client secret").FillAsync(settings.Secret!);
        await page.GetByLabel("Issuer", new() { Exact = true }).FillAsync(settings.Authority);
        await page.GetByLabel("Scopes").FillAsync(settings.Scopes);
        await Expect(page.Locator("[data-redirect]")).ToHaveValueAsync($"{_app.Address}oauth/callback/{settings.CallbackKey}");
        await page.GetByLabel("Extra parameters").FillAsync(settings.Extra);
        await page.GetByLabel("IMAP server").FillAsync(settings.ImapHost);
        await page.GetByLabel("IMAP port").FillAsync(settings.ImapPort.ToString(CultureInfo.InvariantCulture));
        await page.GetByLabel("SMTP server").FillAsync(settings.SmtpHost);
        await page.GetByLabel("SMTP port").FillAsync(settings.SmtpPort.ToString(CultureInfo.InvariantCulture));
        await page.GetByLabel("SMTP encryption").SelectOptionAsync("StartTls");
        await page.GetByLabel("Trusted certificate").FillAsync(settings.TrustedCertificate!);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.Locator("[data-said]")).ToHaveTextAsync("Saved.");
        await page.Locator("[data-check]").ClickAsync();
        await Expect(page.Locator("[data-said]")).ToHaveTextAsync("The provider answers and can be used.");
    }
}
