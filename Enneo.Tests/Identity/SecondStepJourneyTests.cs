using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Identity.Factors;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using OtpNet;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Identity;

public sealed class SecondStepJourneyTests(EnneoApp app, Chromium chromium) : IClassFixture<EnneoApp>, IClassFixture<Chromium>
{
    private const string Password = "grüne Tische im Schnee";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddsAPasskey_SavesTheRecoveryCodes_SignsInWithItAlone_AndRemovesIt()
    {
        await using var visit = await PersonAsync("passkey@example.test");
        var page = visit.Page;
        var key = await VirtualAuthenticator.PlugInAsync(page);

        await page.GotoAsync("/account");
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync("My laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the passkey" }).ClickAsync();
        await Expect(page.Locator("[data-codes] li")).ToHaveCountAsync(RecoveryCodes.Count);
        Assert.Equal(1, await key.CountAsync());
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("enneo-recovery-codes.txt", download.SuggestedFilename);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have saved them" }).ClickAsync();
        await Expect(page.Locator("#passkeys")).ToContainTextAsync("My laptop");
        await Expect(page.Locator("#recovery")).ToContainTextAsync("10 left");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await Expect(page.Locator(".account-menu-name")).ToHaveTextAsync("passkey"); // offered among what is filled in, and this browser takes it

        await page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.Locator(".account-menu-name")).ToHaveTextAsync("passkey");

        await page.GotoAsync("/account");
        await Expect(page.Locator("#passkeys")).ToContainTextAsync("last used");
        await Expect(page.Locator("#sessions")).ToContainTextAsync("with a passkey");
        await page.Locator("#passkeys summary").ClickAsync();
        await page.Locator("#passkeys").GetByLabel("Name").FillAsync("Old laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save name" }).ClickAsync();
        await Expect(page.Locator("#passkeys")).ToContainTextAsync("Old laptop");
        await page.Locator("#passkeys summary").ClickAsync();
        await page.Locator("#passkeys").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.GetByText("The passkey is removed here.")).ToBeVisibleAsync();

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task SetsUpAnApp_IsAskedForItsCode_AndARecoveryCodeWorksOnce()
    {
        await using var visit = await PersonAsync("app@example.test");
        var page = visit.Page;
        await page.GotoAsync("/account/app");
        await Expect(page.GetByAltText("QR code for the authenticator app")).ToBeVisibleAsync();
        await page.GetByText("It cannot be scanned").ClickAsync();
        var secret = Base32Encoding.ToBytes((await page.Locator("[data-secret]").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal));
        await page.GetByLabel("Code from the app").FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not the code that is right now.");
        var first = new Totp(secret).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
        await page.GetByLabel("Code from the app").FillAsync(first);
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Expect(page.Locator("[data-codes] li")).ToHaveCountAsync(RecoveryCodes.Count);
        var recovery = await page.Locator("[data-codes] li").First.InnerTextAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await EnterAsync(page, "app@example.test");
        await page.GotoAsync("/account"); // half signed in is not signed in
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await EnterAsync(page, "app@example.test");
        await CodeAsync(page, first);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right, or was used already.");
        await CodeAsync(page, recovery);
        await Expect(page.Locator("#recovery")).ToContainTextAsync("9 left");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out", Exact = true }).ClickAsync();
        await EnterAsync(page, "app@example.test");
        await CodeAsync(page, recovery);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This code is not right, or was used already.");
        await CodeAsync(page, new Totp(secret).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30))); // a phone may be half a minute ahead
        await Expect(page.Locator(".account-menu-name")).ToBeVisibleAsync();
        await page.GotoAsync("/account");
        await Expect(page.Locator("#app")).ToContainTextAsync("On");
        Assert.Empty(visit.Errors);
    }

    [Fact]
    public async Task RequiredOfEverybody_LeadsToSettingItUp_OpenPagesToo()
    {
        await using EnneoApp own = new();
        await own.InitializeAsync();
        await own.AddPersonAsync("agent@example.test", Password, Roles.Agent, Cancelled);
        await using var visit = await chromium.VisitAsync(own.Address);
        var page = visit.Page;
        var key = await VirtualAuthenticator.PlugInAsync(page);
        await page.GotoAsync("/sign-in");
        await EnterAsync(page, "agent@example.test");
        await Expect(page.Locator(".account-menu-name")).ToBeVisibleAsync();

        await own.Get<SecondStep>().SetAsync(SecondStepRequirement.Everybody, Actor.Operator, "command", Cancelled);
        await Expect(page.GetByText("A second step is required here.")).ToBeVisibleAsync();
        await page.GotoAsync("/");
        await Expect(page.GetByText("A second step is required here.")).ToBeVisibleAsync();
        var circuit = await page.APIRequest.PostAsync("/_blazor/negotiate?negotiateVersion=1", new() { Headers = new Dictionary<string, string> { ["Origin"] = own.Address.ToString().TrimEnd('/') } });
        Assert.Equal(403, circuit.Status);

        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the passkey" }).ClickAsync();
        await Expect(page.Locator("[data-codes] li")).ToHaveCountAsync(RecoveryCodes.Count);
        Assert.Equal(1, await key.CountAsync());
        await page.GotoAsync("/account");
        await page.Locator("#passkeys summary").ClickAsync();
        await Expect(page.Locator("#passkeys").GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToBeDisabledAsync();
        await page.GotoAsync("/");
        await Expect(page.Locator(".account-menu-name")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SignedOutEverywhere_TheOtherBrowsersOpenPageEnds()
    {
        await using var here = await PersonAsync("everywhere@example.test");
        await using var there = await chromium.VisitAsync(app.Address);
        await there.Page.GotoAsync("/sign-in");
        await EnterAsync(there.Page, "everywhere@example.test");
        await Expect(there.Page.Locator(".account-menu-name")).ToBeVisibleAsync();
        var cookies = await there.Context.CookiesAsync();

        await here.Page.GotoAsync("/account");
        await Expect(here.Page.Locator("#sessions li")).ToHaveCountAsync(2);
        await here.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere", Exact = true }).ClickAsync();

        await Expect(here.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Expect(there.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync(); // by itself
        await there.Context.AddCookiesAsync(cookies.Select(c => new Cookie { Name = c.Name, Value = c.Value, Url = app.Address.ToString() }));
        var frame = await there.Context.APIRequest.GetAsync("/message/1/part/1", new() { Headers = new Dictionary<string, string> { ["Accept"] = "application/json" } });
        Assert.Equal(401, frame.Status);
    }

    [Fact]
    public async Task ChangingHowOneSignsIn_AsksForAFreshProof()
    {
        await using var visit = await PersonAsync("proof@example.test");
        var page = visit.Page;
        var person = (await app.Get<Accounts>().FindAsync("proof@example.test", Cancelled))!.Value;
        await AgeProofsAsync(person);

        await page.GotoAsync("/account/app");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Confirm that it is you" })).ToBeVisibleAsync();
        await page.GetByLabel("Your password").FillAsync("not the password");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This is not your present password.");
        await page.GetByLabel("Your password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on" }).ClickAsync();
        await Expect(page.GetByAltText("QR code for the authenticator app")).ToBeVisibleAsync();

        await page.GotoAsync("/account");
        await page.GetByLabel("Present password").FillAsync(Password);
        await page.GetByLabel("New password").FillAsync("rote Lampen im Wind");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change password" }).ClickAsync();
        await Expect(page.GetByText("The password is changed.")).ToBeVisibleAsync();
        Assert.Equal(person, await app.Get<PasswordCheck>().FindAsync("proof@example.test", "rote Lampen im Wind", Cancelled));
    }

    private Task AgeProofsAsync(long person) => app.Get<WriterLane>().RunAsync(
        (db, token) => db.Sessions.Where(s => s.UserId == person).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, DateTimeOffset.UnixEpoch), token), Cancelled);

    /// <summary>A new person in a browser of their own.</summary>
    private async Task<Visit> PersonAsync(string email)
    {
        await app.AddPersonAsync(email, Password, Roles.Agent, Cancelled);
        var visit = await chromium.VisitAsync(app.Address);
        await visit.Page.GotoAsync("/sign-in?returnUrl=%2Faccount");
        await EnterAsync(visit.Page, email);
        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Your account" })).ToBeVisibleAsync();
        return visit;
    }

    private static async Task EnterAsync(IPage page, string email)
    {
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#password").FillAsync(Password);
        await page.Locator("button[type=submit]").ClickAsync();
    }

    private static async Task CodeAsync(IPage page, string code)
    {
        await page.Locator("#code").FillAsync(code);
        await page.Locator("button[type=submit]").ClickAsync();
    }
}
