using Enneo.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Shell;

public sealed class ShellJourneyTests(RunningServer server, Chromium chromium) : IClassFixture<RunningServer>, IClassFixture<Chromium>
{
    [Fact]
    public async Task SignIn_LooksAtPeople_ChoosesATheme_SignsOut_AndTheOldCookieIsDead()
    {
        await using var visit = await chromium.VisitAsync(server.Process.Address);
        var page = visit.Page;
        await page.GotoAsync("settings/people");
        await page.GetByLabel("Email address").FillAsync(RunningServer.Email);
        await page.GetByLabel("Password").FillAsync(RunningServer.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "People" })).ToBeVisibleAsync();
        await Expect(page.GetByText(RunningServer.Email)).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Dark" }).ClickAsync();
        await Expect(page.Locator("html[data-theme=dark]")).ToBeAttachedAsync();
        var answer = await page.ReloadAsync();
        Assert.Contains("data-theme=\"dark\"", await answer!.TextAsync(), StringComparison.Ordinal); // before any script ran
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-pressed", "true");

        var cookie = (await visit.Context.CookiesAsync()).Single(c => c.Name == "Enneo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await visit.Context.AddCookiesAsync([new Cookie { Name = cookie.Name, Value = cookie.Value, Url = server.Process.Address.ToString() }]);
        await page.GotoAsync("settings/people");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        Assert.Empty(visit.Errors);
        Assert.Empty(visit.ForeignRequests);
    }

    [Fact]
    public async Task TheKeyboardReachesTheContentAtOnce()
    {
        await using var visit = await chromium.VisitAsync(server.Process.Address);
        var page = visit.Page;
        await page.GotoAsync("settings/security");
        await page.GetByLabel("Email address").FillAsync(RunningServer.Email);
        await page.GetByLabel("Password").FillAsync(RunningServer.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main h1")).ToBeVisibleAsync();

        // Whoever comes here stands at the heading already; this goes back to the top.
        await page.EvaluateAsync("(document.body.tabIndex = -1, document.body.focus(), document.body.blur())");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.GetByText("Skip to content")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("main")).ToBeFocusedAsync();
        await Expect(page.Locator("main h1")).ToBeVisibleAsync();
    }
}
