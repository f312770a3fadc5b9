using System.Security.Claims;
using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Enneo.Web.Inbox;
using Enneo.Web.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Enneo.Tests.Microsoft365;

/// <summary>The pages of the registration and of Connect Account, without a browser.</summary>
public sealed partial class ConnectFormTests(Office365 office) : BunitContext, IClassFixture<Office365>, IAsyncLifetime
{
    private readonly List<long> _connected = [];
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await ConnectedStore.CreateAsync(office, Cancel);
        Services.AddSingleton(_store.Get<AccountQueries>()).AddSingleton(_store.Get<AccountConnecting>()).AddSingleton(_store.Get<Microsoft365SettingsEditing>()).AddSingleton(_store.Get<RegistrationCheck>()).AddSingleton(_store.Get<ProviderQueries>())
            .AddSingleton(_store.Get<MailboxEditing>()).AddSingleton(_store.Get<SendingRoadCheck>()).AddSingleton(_store.Get<ReceivingRoadCheck>()).AddSingleton(_store.Get<ApplicationConnecting>()).AddSingleton(_store.Get<Sessions>()).AddSingleton(new RedirectAddress(new EnneoOptions())).AddSingleton(Microsoft.Extensions.Options.Options.Create(new AlertOptions()))
            .AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>().AddSingleton<DoneWords>().AddSingleton<TimeProvider>(_clock).AddScoped<BrowserTime>();
        JSInterop.Mode = JSRuntimeMode.Loose;
        this.AddAuthorization().SetAuthorized("anna@example.test").SetRoles(Roles.Admin).SetClaims(new Claim(ClaimTypes.NameIdentifier, "1"), new Claim("enneo:session", ConnectedStore.Session));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task A_pasted_address_connects_although_the_page_was_opened_anew_meanwhile()
    {
        var pasted = await LoggedInAsync("pasted@example.test", mailboxId: null);

        var form = Show("pasted@example.test");
        await PasteAsync(form, pasted);

        Assert.NotEqual("", form.Find("#access-token").GetAttribute("value"));
        Assert.Equal("Connected as pasted@example.test", form.Find("[data-connected-as]").TextContent);
        Assert.Single(_connected);
    }

    [Fact]
    public async Task Where_IMAP_refuses_and_Graph_opens_the_mailbox_Graph_is_chosen_and_why_is_said()
    {
        bool? isByGraph = null;
        office.Entra.Graph.Mail.Add("closed@example.test");
        office.Entra.SignsWrongly = true; // which the mail servers look at
        var pasted = await LoggedInAsync("closed@example.test", mailboxId: null);
        var form = Render<AccountConnection>(parameters => parameters.Add(f => f.Address, "closed@example.test").Add(f => f.ReceivesByGraphChanged, value => isByGraph = value));
        await PasteAsync(form, pasted);
        office.Entra.SignsWrongly = false;

        Assert.True(isByGraph);
        Assert.Contains(Causes.MailboxRefused, form.Find("[data-receiving-road]").TextContent, StringComparison.Ordinal);
        await form.Find("#receiving-road").ChangeAsync(new ChangeEventArgs { Value = "imap" });
        Assert.False(isByGraph);
        Assert.Equal("", form.Find("[data-receiving-road]").TextContent);
    }

    [Fact]
    public async Task A_login_that_is_not_finished_after_two_minutes_is_asked_about_approval()
    {
        var form = Show("late@example.test");
        await form.Find("a[data-connect]").ClickAsync();

        await PassAsync(TimeSpan.FromSeconds(115));
        Assert.Empty(form.FindAll("[data-late]"));
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(ConnectText.Late, form.Find("[data-late]").TextContent);

        async Task PassAsync(TimeSpan time)
        {
            _clock.Advance(time);
            await Task.Delay(500, Cancel); // it looks once, and draws
        }
    }

    [Fact]
    public async Task Why_a_login_cannot_be_used_for_the_mailbox_is_said()
    {
        office.Entra.Add(new EntraPerson("stays@example.test", Guid.NewGuid()) { Aliases = ["differs@example.test"] });
        var mailboxId = await _store.AddAsync("stays@example.test", Cancel);
        var pasted = await LoggedInAsync("differs@example.test", mailboxId, person: "stays@example.test");

        var form = Show("differs@example.test", mailboxId);
        await PasteAsync(form, pasted);

        Assert.Contains("connected for another address", form.Find("[data-progress]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Check", "OA11")]
    public void The_last_page_says_what_we_say_and_nothing_that_a_stranger_wrote()
    {
        var ours = Services.GetRequiredService<DoneWords>().Protect("There is no such mailbox.");

        Assert.Equal("There is no such mailbox.", Said(ours));
        Assert.DoesNotContain("Call", Said("Call+0123"), StringComparison.Ordinal);

        string Said(string words)
        {
            Services.GetRequiredService<NavigationManager>().NavigateTo($"/microsoft365/done?end=Connected&said={words}");
            return Render<DonePage>().Find("[data-end]").TextContent;
        }
    }

    [Fact]
    public void A_file_that_is_no_certificate_by_its_size_is_refused_in_words()
    {
        var page = Render<Microsoft365Page>();

        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromBinary(new byte[100_001], "all.pfx"));

        page.WaitForAssertion(() => Assert.Contains("larger than 100 KB", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_registration_is_changed_by_who_gave_a_proof_a_moment_ago()
    {
        var page = Render<Microsoft365Page>();
        await page.InvokeAsync(() => page.Find("#m365-tenant").Change("other.example"));

        await page.InvokeAsync(() => page.Find("form").Submit());

        Assert.EndsWith("/account/confirm?returnUrl=%2Fsettings%2Fmicrosoft365", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        Assert.Equal(EntraServer.Tenant, (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Tenant);
    }

    [Fact]
    public async Task A_new_secret_with_the_day_of_the_old_one_and_a_new_certificate_are_asked_about_and_taken_when_a_person_says_so()
    {
        var ends = _clock.GetUtcNow().AddDays(9).Date;
        Assert.Empty(await _store.Get<Microsoft365SettingsEditing>().SaveAsync(
            office.Registration with { ExpiresAt = new DateTimeOffset(ends, TimeSpan.Zero) }, Actor.Operator, "test", Cancel));
        await _store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                var now = TimeProvider.System.GetUtcNow();
                db.Sessions.Add(new Session { Id = ConnectedStore.Session, UserId = 1, StartedAt = now, Method = SignInMethod.Password, Device = "", Address = null, LastSeenAt = now, ProvenAt = now });
                await db.SaveChangesAsync(token);
            },
            Cancel);
        var page = Render<Microsoft365Page>();
        await page.InvokeAsync(() => page.Find("#m365-secret").Change("typed anew"));
        await page.InvokeAsync(() => page.Find("#m365-fingerprint").Change(new string('B', 64)));

        await SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.NotNull(page.Find("#m365-ends-alike")));
        await page.InvokeAsync(() => page.Find("#m365-ends-alike").Change(true));
        await SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(SetupText.Saved, page.Find("[data-said]").TextContent));
        Assert.Empty(page.FindAll("#m365-ends-alike"));
        await page.InvokeAsync(() => page.Find("#m365-fingerprint").Change(new string('C', 64)));
        await SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.NotNull(page.Find("#m365-trust")));
        await page.InvokeAsync(() => page.Find("#m365-trust").Change(true));
        await page.InvokeAsync(() => page.Find("#m365-fingerprint").Change(new string('D', 64))); // which nobody compared
        Assert.False(page.Find("#m365-trust").HasAttribute("checked"));
        await SubmitAsync();
        await page.WaitForAssertionAsync(() => Assert.NotNull(page.Find("#m365-trust")));
        Assert.Equal(new string('B', 64), (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Own!.TrustedCertificate, ignoreCase: true);
        await page.InvokeAsync(() => page.Find("#m365-fingerprint").Change(new string('C', 64)));
        await page.InvokeAsync(() => page.Find("#m365-trust").Change(true));
        await SubmitAsync();

        await page.WaitForAssertionAsync(() => Assert.Equal(SetupText.Saved, page.Find("[data-said]").TextContent));
        Assert.Equal(new string('C', 64), (await _store.Get<Microsoft365SettingsEditing>().FindAsync(Cancel)).Settings.Own!.TrustedCertificate, ignoreCase: true);

        Task SubmitAsync() => page.InvokeAsync(() => page.Find("form").Submit());
    }

    [Fact]
    public async Task An_administrator_who_declines_is_told_so_and_nobody_is_said_to_have_agreed()
    {
        office.Entra.ConsentRefusal = new EntraRefusal("access_denied", 65004, "User declined to consent to access the app.");
        var link = await _store.Get<AccountConnecting>().ConsentLinkAsync(ConnectedStore.Redirect, Cancel);
        using var back = await _store.Get<CloudHttp>().For(office.Registration.Own!).GetAsync(link, Cancel);
        office.Entra.ConsentRefusal = null;

        var result = await _store.Get<AccountConnecting>().FinishAsync(CallbackQuery.OfPasted(back.Headers.Location!.ToString())!, "", Cancel);
        Services.GetRequiredService<NavigationManager>().NavigateTo(DonePage.AddressOf(result, said: null));

        Assert.Contains(Causes.Of(Causes.Declined).Text, Render<DonePage>().Find("[data-end]").TextContent, StringComparison.Ordinal);
        Assert.Equal(CheckText.ConsentOpen, (await _store.Get<RegistrationCheck>().RunAsync(ConnectedStore.Redirect, Cancel))[2].Text);
    }

    [Fact]
    public async Task The_app_itself_shows_no_refresh_token_and_is_limited_at_Graph_to_the_mailbox()
    {
        var connected = await _store.Get<ApplicationConnecting>().ConnectAsync("app@example.test", Cancel);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input("app@example.test", connected.Account!.Id), Cancel);

        var form = Show("app@example.test", mailboxId);

        Assert.Empty(form.FindAll("#refresh-token"));
        Assert.Equal(ConnectText.NoRefreshToken, form.Find("[data-renews]").TextContent);
        var script = form.Find("[data-graph-script]").TextContent;
        Assert.All(["Application Mail.Send", "Application Mail.ReadWrite"], role => Assert.Contains($"-App $app.Id -Role \"{role}\" -CustomResourceScope 'Enneo app@example.test'", script, StringComparison.Ordinal));
        Assert.Contains("'PrimarySmtpAddress -eq ''app@example.test'''", script, StringComparison.Ordinal);
        Assert.Contains("into every mailbox of the organisation", form.Find("[data-mail]").TextContent, StringComparison.Ordinal); // what the administrator is warned of
    }

    /// <returns>The address of the page after the login.</returns>
    private async Task<string> LoggedInAsync(string address, long? mailboxId, string? person = null)
    {
        var callback = office.Entra.LogIn((await _store.StartAsync(address, Cancel, mailboxId, form: "opened before"))!, person ?? address);
        return $"{ConnectedStore.Redirect}?code={callback.Code}&state={callback.State}";
    }

    private IRenderedComponent<AccountConnection> Show(string address, long? mailboxId = null) => Render<AccountConnection>(parameters => parameters
        .Add(form => form.Address, address)
        .Add(form => form.MailboxId, mailboxId)
        .Add(form => form.OnConnected, _connected.Add));

    private static async Task PasteAsync(IRenderedComponent<AccountConnection> form, string address)
    {
        await form.InvokeAsync(() => form.Find("#pasted-address").Change(address));
        await form.FindAll("details.more button").Single(button => button.TextContent == ConnectText.PasteTake).ClickAsync();
        await form.WaitForAssertionAsync(() => Assert.Equal("", form.Find("#pasted-address").GetAttribute("value") ?? ""));
    }
}
