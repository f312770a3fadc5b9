using Enneo.Tests.Servers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Shell;

/// <summary>Behind a real nginx and a real Caddy with the settings of the documentation.</summary>
[Trait("Category", "Browser")]
public sealed class ProxyTests(RunningServer server, Chromium chromium) : IClassFixture<RunningServer>, IClassFixture<Chromium>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nginx")]
    [InlineData("caddy")]
    public async Task OverHttps_PeopleSignIn_AndPagesStayConnected(string name)
    {
        await using IProxy proxy = name == "nginx" ? new NginxServer() : new CaddyServer();
        await proxy.StartAsync(server.Process.Address, Cancel);
        await using var context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { BaseURL = proxy.Address.ToString(), IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout(30_000);
        var page = await context.NewPageAsync();
        TaskCompletionSource<string> connected = new();
        page.WebSocket += (_, socket) => socket.FrameReceived += (_, _) => connected.TrySetResult(socket.Url);

        await page.GotoAsync("/");
        await page.GetByLabel("Email address").FillAsync(RunningServer.Email);
        await page.GetByLabel("Password").FillAsync(RunningServer.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.Locator("[data-inbox] .tickets")).ToBeVisibleAsync();

        Assert.StartsWith($"wss://localhost:{proxy.Address.Port}/_blazor", await connected.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel), StringComparison.Ordinal);
        var cookie = Assert.Single(await context.CookiesAsync(), cookie => cookie.Name == "__Host-Enneo");
        Assert.True(cookie is { Secure: true, HttpOnly: true, Path: "/" });
    }
}
