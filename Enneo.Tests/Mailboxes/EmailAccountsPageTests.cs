using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Enneo.Core;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Web.Inbox;
using Enneo.Web.Mailboxes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Mailboxes;

public sealed class EmailAccountsPageTests : BunitContext, IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("enneo-accounts-").FullName;
    private readonly FakeTimeProvider _clock = new(SampleAccounts.Now);

    private readonly BunitAuthorizationContext _people;

    public EmailAccountsPageTests()
    {
        _people = AddAuthorization();
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddLogging();
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        Services.AddScoped<BrowserTime>();
        Services.AddEnneoCore(new DataDirectory(_directory));
        JSInterop.Mode = JSRuntimeMode.Loose;
        SetRendererInfo(new("Server", isInteractive: true));
    }

    private static CancellationToken Cancelled => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await EmptyDatabase.PutAsync(new DataDirectory(_directory));

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void WithoutMailboxesItInvitesToAddTheFirst()
    {
        var page = ShowAs(Roles.Admin);

        Assert.Equal("/settings/email-accounts?account=new", page.Find(".empty a").GetAttribute("href"));
    }

    [Theory]
    [InlineData(40, null, "")]
    [InlineData(20, "expires on", "notice")]
    [InlineData(5, "expires on", "notice notice-warn")]
    [InlineData(0.5, "Within a day", "notice notice-bad")]
    [InlineData(-1, "expired on", "notice notice-bad")]
    public async Task AnAdminIsToldInTimeThatTheSecretOfMicrosoft365Ends_EachStepLouder(double days, string? words, string tone)
    {
        Microsoft365Input registration = new() { Tenant = "contoso.example", ClientId = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", Secret = "secret", ExpiresAt = _clock.GetUtcNow().AddDays(days) };
        Assert.Empty(await Services.GetRequiredService<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", Cancelled));

        var page = ShowAs(Roles.Admin);

        var notices = page.FindAll("[data-secret-ends]");
        Assert.Equal(words is null ? 0 : 1, notices.Count);
        Assert.All(notices, notice => Assert.Contains(words!, notice.TextContent, StringComparison.Ordinal));
        Assert.All(notices, notice => Assert.Equal(tone, notice.ClassName));
    }

    [Fact]
    public void AnAgentIsRefusedInWords()
    {
        var page = ShowAs(Roles.Agent);

        Assert.Contains("set up by admins", page.Find(".notice").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("a, button, table"));
    }

    [Fact]
    public async Task AMailboxAddedElsewhereAppears()
    {
        var page = ShowAs(Roles.Admin);

        await AddAsync("Support");
        Services.GetRequiredService<LiveFeed>().Publish([ActivityEntry.Of(ActivityKind.MailboxAdded, Actor.Operator, "command", _clock, mailboxId: 1)]);
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        await page.WaitForAssertionAsync(() => Assert.Equal("Support", page.Find("td.mailbox a").TextContent));
        Assert.Contains("1 connected", page.Find("[role=status]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheAddressOfThePageOpensTheAccount()
    {
        var id = await AddAsync("Support");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/email-accounts?account={id}");

        var page = ShowAs(Roles.Admin);

        Assert.Equal("imap.example.test", page.Find("#account-data-imap-host").GetAttribute("value"));
        Assert.Single(page.FindAll("tr.selected"));
    }

    [Fact]
    public void AnAccountThatIsNotThereIsSaid()
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo("/settings/email-accounts?account=404");

        Assert.Contains("There is no such mailbox.", ShowAs(Roles.Admin).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SavingKeepsTheAccountOpenAndSaysSo()
    {
        var id = await AddAsync("Support");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/email-accounts?account={id}");
        var page = ShowAs(Roles.Admin);

        await page.Find("#account-name").ChangeAsync(new() { Value = "Help" });
        await page.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal("Saved.", page.Find(".notice").TextContent));
        Assert.Equal("Help", page.Find("td.mailbox a").TextContent);
    }

    [Fact]
    public async Task PausingShowsInTheListAtOnce()
    {
        var id = await AddAsync("Support");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/email-accounts?account={id}");
        var page = ShowAs(Roles.Admin);

        await page.Find("form .top button").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal("paused", page.Find("td .state").TextContent));
        Assert.Equal("Resume", page.Find("form .top button").TextContent);
    }

    [Fact]
    public async Task AMailboxInShadowModeSaysSoAndGoesLiveAfterAQuestion()
    {
        var id = await AddAsync("Support", shadow: true);
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/email-accounts?account={id}");
        var page = ShowAs(Roles.Admin);
        Assert.Equal(AccountsText.Shadow, page.Find("td.mailbox .state").TextContent);
        Assert.Contains(AccountsText.NothingCollected, page.Find(".waiting").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-shadow-mode]"));

        await page.Find("[data-go-live]").ClickAsync();
        await page.Find("[role=alertdialog] [data-live]").ClickAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(AccountsText.IsLive, page.Find("form .notice").TextContent));
        Assert.Empty(page.FindAll(".waiting, td.mailbox .state"));
    }

    [Fact]
    public async Task ShadowModeIsEnteredInTheForm()
    {
        var id = await AddAsync("Support");
        Services.GetRequiredService<NavigationManager>().NavigateTo($"/settings/email-accounts?account={id}");
        var page = ShowAs(Roles.Admin);

        await page.Find("[data-shadow-mode]").ChangeAsync(new() { Value = true });
        await page.Find("form").SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Single(page.FindAll("[data-go-live]")));
        Assert.Equal(AccountsText.Shadow, page.Find("td.mailbox .state").TextContent);
    }

    private async Task<long> AddAsync(string name, bool shadow = false)
    {
        var input = SampleAccounts.Input() with { Name = name };
        var result = await Services.GetRequiredService<MailboxEditing>().AddAsync(
            input with { Data = input.Data with { Shadow = shadow, Imap = input.Data.Imap with { Password = "secret" } } }, Actor.Operator, "command", Cancelled);
        return result.MailboxId ?? throw new InvalidOperationException(string.Join(' ', result.Errors.SelectMany(error => error.Value)));
    }

    private IRenderedComponent<EmailAccountsPage> ShowAs(string role)
    {
        _people.SetAuthorized("anna@example.test").SetRoles(role).SetClaims(new Claim(ClaimTypes.NameIdentifier, "1"));
        return Render<EmailAccountsPage>();
    }
}
