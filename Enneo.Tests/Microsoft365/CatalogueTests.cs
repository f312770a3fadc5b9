using System.Security.Claims;
using Bunit;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Enneo.Web.Inbox;
using Enneo.Web.Mailboxes;
using Enneo.Web.Microsoft365;
using Enneo.Web.Shell;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Enneo.Tests.Microsoft365;

/// <summary>Each code that people meet is said by the authority or a server of the tests, and its cause, its remedy and itself then stand on the page.</summary>
public sealed class CatalogueTests(CatalogueHouse house) : BunitContext, IClassFixture<CatalogueHouse>, IAsyncLifetime
{
    private static CancellationToken Cancel => Xunit.TestContext.Current.CancellationToken;

    public static TheoryData<string> AtLogin => [.. CatalogueRows.Login];

    public static TheoryData<string> AtRenewal => [.. CatalogueRows.Renewal];

    public static TheoryData<string> AtCheck => [.. CatalogueRows.Check];

    public static TheoryData<string> AtSmtpSignIn => [.. CatalogueRows.SmtpSignIn.Select(row => row.Code)];

    public static TheoryData<string> AtSmtp => [.. CatalogueRows.Smtp.Select(row => row.Code)];

    public static TheoryData<string> AtGraph => [.. CatalogueRows.Graph.Select(row => row.Code)];

    public async ValueTask InitializeAsync()
    {
        await house.ForgetAsync();
        var office = house.Office;
        Services.AddSingleton(office.Get<AccountQueries>()).AddSingleton(office.Get<AccountConnecting>()).AddSingleton(office.Get<Microsoft365SettingsEditing>()).AddSingleton(office.Get<RegistrationCheck>()).AddSingleton(office.Get<ProviderQueries>())
            .AddSingleton(office.Get<MailboxEditing>()).AddSingleton(office.Get<Sessions>()).AddSingleton(office.Get<SendingRoadCheck>()).AddSingleton(office.Get<ReceivingRoadCheck>()).AddSingleton(office.Get<ApplicationConnecting>()).AddSingleton(new RedirectAddress(new EnneoOptions())).AddSingleton(Microsoft.Extensions.Options.Options.Create(new AlertOptions()))
            .AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>().AddSingleton<DoneWords>().AddSingleton<TimeProvider>(office.Clock).AddScoped<BrowserTime>();
        JSInterop.Mode = JSRuntimeMode.Loose;
        this.AddAuthorization().SetAuthorized("anna@example.test").SetRoles(Roles.Admin).SetClaims(new Claim(ClaimTypes.NameIdentifier, "7"), new Claim("enneo:session", ConnectedStore.Session));
        SetRendererInfo(new("Server", isInteractive: true));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await house.ForgetAsync();
        await DisposeAsync();
    }

    [Fact]
    public void Every_code_that_is_known_is_met_here() => Assert.Empty(
        Causes.All.Select(cause => cause.Code)
            .Except([.. CatalogueRows.Login, .. CatalogueRows.Renewal, .. CatalogueRows.Check, .. CatalogueRows.SmtpSignIn.Select(row => row.Code), .. CatalogueRows.Smtp.Select(row => row.Code), .. CatalogueRows.Graph.Select(row => row.Code), .. CatalogueRows.Others]));

    [Theory]
    [MemberData(nameof(AtLogin))]
    [Trait("Check", "OA11")]
    public async Task What_the_login_says_stands_in_the_form(string code)
    {
        house.Microsoft.Entra.LoginRefusal = new EntraRefusal(code is "access_denied" ? code : "invalid_request", NumberOf(code));
        var login = (await house.Office.Get<AccountConnecting>().StartAsync(Wish("new@example.test"), Cancel)).Login!;
        var back = house.Microsoft.Entra.LogIn(login, "new@example.test");

        var form = Render<AccountConnection>(parameters => parameters.Add(f => f.Address, "new@example.test"));
        await PasteAsync(form, $"{ConnectedStore.Redirect}?error={back.Error}&error_description={Uri.EscapeDataString(back.ErrorDescription!)}&state={back.State}");

        Shows(code, form.Find("[data-progress]").TextContent);
    }

    [Theory]
    [MemberData(nameof(AtRenewal))]
    public async Task What_a_renewal_says_stands_at_the_mailbox_and_in_its_form(string code)
    {
        house.Microsoft.Entra.TokenRefusals["refresh_token"] = new EntraRefusal("invalid_grant", NumberOf(code));

        await house.Office.Get<TokenRenewal>().RunAsync(Cancel);

        await ShowsInTableAsync(code);
        Shows(code, FormText());
    }

    [Theory]
    [MemberData(nameof(AtCheck))]
    public async Task What_the_check_says_stands_on_the_page_of_the_registration(string code)
    {
        house.Microsoft.Entra.TokenRefusals["client_credentials"] =
            code is "unreachable" or "AADSTS90033" ? new EntraRefusal("temporarily_unavailable", NumberOf(code), Status: 503) : new EntraRefusal("invalid_client", NumberOf(code), Status: 401);
        var page = Render<Microsoft365Page>();

        await page.Find("[data-check]").ClickAsync();

        Shows(code, page.Find("[data-findings]").TextContent);
    }

    [Theory]
    [MemberData(nameof(AtSmtpSignIn))]
    public async Task A_closed_SMTP_server_leads_to_Graph_and_is_named_in_the_form(string code)
    {
        house.Sink.SignInRefusal = CatalogueRows.SmtpSignIn.Single(row => row.Code == code).Answer;
        var address = house.Microsoft.Dovecot.NewUser();
        var login = (await house.Office.Get<AccountConnecting>().StartAsync(Wish(address), Cancel)).Login!;
        var back = house.Microsoft.Entra.LogIn(login, address);
        bool? isByGraph = null;

        var form = Render<AccountConnection>(parameters => parameters.Add(f => f.Address, address).Add(f => f.SendsByGraphChanged, value => isByGraph = value));
        await PasteAsync(form, $"{ConnectedStore.Redirect}?code={back.Code}&state={back.State}");

        Shows(code, form.Find("[data-road]").TextContent);
        Assert.True(isByGraph);
        await form.Find("#sending-road").ChangeAsync(new ChangeEventArgs { Value = "smtp" });
        Assert.False(isByGraph);
    }

    [Theory]
    [MemberData(nameof(AtSmtp))]
    public async Task What_the_SMTP_server_says_of_a_mail_stands_behind_it(string code)
    {
        house.Sink.Faults.Answer(SmtpStage.Dot, CatalogueRows.Smtp.Single(row => row.Code == code).Answer);

        Shows(code, await SendAsync());
    }

    [Theory]
    [MemberData(nameof(AtGraph))]
    public async Task What_Graph_says_stands_behind_the_mail_or_at_the_mailbox(string code)
    {
        house.Microsoft.Entra.Graph.Refusal = (CatalogueRows.Graph.Single(row => row.Code == code).Status, code, null);
        await house.Office.ChangeAsync(db => db.Mailboxes.ExecuteUpdateAsync(set => set.SetProperty(m => m.SendsByGraph, true), Cancel));

        Shows(code, await SendAsync());

        if ((await house.ReportAsync()).Status.State is MailboxState.SignInAgain)
        {
            await ShowsInTableAsync(code);
        }
    }

    [Fact]
    public async Task IMAP_that_is_switched_off_is_named_at_the_mailbox()
    {
        await MoveHomeAsync(house.Microsoft.Dovecot.ImapsPort, house.NotConnected.Port);
        await house.MoveImapAsync(house.NotConnected.Port);
        try
        {
            await house.SyncAsync();
            await ShowsInTableAsync(Causes.ImapDisabled);
        }
        finally
        {
            await MoveHomeAsync(house.NotConnected.Port, house.Microsoft.Dovecot.ImapsPort);
            await house.MoveImapAsync(house.Microsoft.Dovecot.ImapsPort);
        }
    }

    [Fact]
    public async Task A_mail_server_that_refuses_a_new_token_is_named_at_the_mailbox()
    {
        house.Microsoft.Entra.SignsWrongly = true;
        await house.Office.Get<TokenRenewal>().RunAsync(Cancel);

        await house.SyncAsync();

        await ShowsInTableAsync(Causes.MailboxRefused);
        house.Microsoft.Entra.SignsWrongly = false;
        await house.Office.Get<AccountTokens>().GetAsync(await AccountAsync(), TokenFor.Mail, Cancel, early: true);
    }

    [Fact]
    [Trait("Check", "OA16")]
    public async Task A_server_that_is_not_Microsofts_is_named_at_the_mailbox()
    {
        await house.MoveImapAsync(house.NotConnected.Port);

        await house.SyncAsync();

        await ShowsInTableAsync(Causes.WrongHost);
        await house.MoveImapAsync(house.Microsoft.Dovecot.ImapsPort);
    }

    [Theory]
    [InlineData(Causes.NotConnected)]
    [InlineData(Causes.NotSetUp)]
    [InlineData("keys_lost")]
    [InlineData(Causes.NothingStored)]
    [InlineData(Causes.AppChanged)]
    [InlineData(Causes.TenantChanged)]
    public async Task What_is_missing_here_is_named_at_the_mailbox(string code)
    {
        var (settings, account) = (await house.Office.ReadAsync(db => db.Settings.AsNoTracking().SingleAsync(s => s.Name == "microsoft365", Cancel)), await AccountAsync());
        var tokens = await house.Office.ReadAsync(db => db.ConnectedAccounts.Where(a => a.Id == account).Select(a => a.ProtectedTokens).SingleAsync(Cancel));
        await house.Office.ChangeAsync(db => code switch
        {
            Causes.NotConnected => db.ConnectedAccounts.Where(a => a.Id == account).ExecuteUpdateAsync(set => set.SetProperty(a => a.MailboxId, (long?)null), Cancel),
            Causes.NotSetUp => db.Settings.Where(s => s.Name == "microsoft365").ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, settings.Value.Replace(EntraServer.ClientId, "", StringComparison.Ordinal)), Cancel),
            Causes.NothingStored => db.Settings.Where(s => s.Name == "microsoft365").ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, settings.Value.Replace(EntraServer.ClientId, Guid.NewGuid().ToString(), StringComparison.Ordinal)), Cancel),
            Causes.TenantChanged => db.Settings.Where(s => s.Name == "microsoft365").ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, settings.Value.Replace(EntraServer.Tenant, Guid.NewGuid().ToString(), StringComparison.Ordinal)), Cancel),
            Causes.AppChanged => db.ConnectedAccounts.Where(a => a.Id == account).ExecuteUpdateAsync(set => set.SetProperty(a => a.Problem, code).SetProperty(a => a.ProblemAt, (DateTimeOffset?)house.Office.Clock.GetUtcNow()), Cancel),
            _ => db.ConnectedAccounts.Where(a => a.Id == account).ExecuteUpdateAsync(set => set.SetProperty(a => a.ProtectedTokens, new byte[200]), Cancel),
        });

        try
        {
            await house.SyncAsync();
            await ShowsInTableAsync(code);
        }
        finally
        {
            await house.Office.ChangeAsync(async db =>
            {
                await db.Settings.Where(s => s.Name == "microsoft365").ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, settings.Value), Cancel);
                await db.ConnectedAccounts.Where(a => a.Id == account).ExecuteUpdateAsync(set => set.SetProperty(a => a.MailboxId, (long?)house.Office.MailboxId).SetProperty(a => a.ProtectedTokens, tokens), Cancel);
            });
        }
    }

    [Fact]
    public async Task An_app_that_no_organisation_lets_in_is_named_in_the_form()
    {
        await SaveAsync(house.Registration with { Tenant = "organizations" });
        await house.ProveAsync(ConnectedStore.Session);
        var form = Render<AccountConnection>(parameters => parameters.Add(f => f.Address, "app@example.test"));

        await form.Find("[data-application]").ClickAsync();

        Shows(Causes.TenantMissing, form.Find("[data-progress]").TextContent);
        await SaveAsync(house.Registration);
    }

    [Fact]
    public async Task An_answer_of_another_tenant_is_named_in_the_form()
    {
        var login = (await house.Office.Get<AccountConnecting>().StartAsync(Wish("else@example.test"), Cancel)).Login!;
        var back = house.Microsoft.Entra.LogIn(login, "else@example.test");

        var form = Render<AccountConnection>(parameters => parameters.Add(f => f.Address, "else@example.test"));
        await PasteAsync(form, $"{ConnectedStore.Redirect}?code={back.Code}&state={back.State}&iss=https%3A%2F%2Fevil.test%2F1");

        Shows(Causes.TenantDiffers, form.Find("[data-progress]").TextContent);
    }

    private Task SaveAsync(Microsoft365Input registration) =>
        house.Office.Get<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", Cancel);

    /// <summary>Past the settings, which keep the addresses of a connected mailbox.</summary>
    private Task MoveHomeAsync(int from, int to) => house.Office.ChangeAsync(db => db.Settings.Where(s => s.Name == "microsoft365")
        .ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, s => s.Value.Replace($"localhost:{from}", $"localhost:{to}")), Cancel));

    private Task<long> AccountAsync() => house.Office.Get<AccountTokens>().AccountOfAsync(house.Office.MailboxId, Cancel);

    private static ConnectWish Wish(string address) => new(address, "form", ConnectedStore.Session, 7, null, ConnectedStore.Redirect);

    /// <returns>What stands behind the mail then.</returns>
    private async Task<string> SendAsync()
    {
        var outgoing = await house.Office.WriteAndSendAsync();
        await house.Office.DeliverAsync();
        var status = (await house.Office.Outbox.ForTicketAsync(Reach.All, outgoing.TicketId, Cancel)).Single();
        return Render<DeliveryLine>(parameters => parameters.Add(line => line.Outgoing, status)).Markup;
    }

    private string FormText() => Render<AccountConnection>(parameters => parameters.Add(f => f.Address, house.Address).Add(f => f.MailboxId, house.Office.MailboxId)).Find("[data-progress]").TextContent;

    private async Task ShowsInTableAsync(string code)
    {
        var report = await house.ReportAsync();
        Shows(code, Render<AccountTable>(parameters => parameters.Add(t => t.Reports, [report]).Add(t => t.Zone, TimeZoneInfo.Utc)).Find("tbody").TextContent);
    }

    private static void Shows(string code, string text)
    {
        var cause = Causes.Of(code);
        var shown = System.Net.WebUtility.HtmlDecode(text);
        Assert.Contains(cause.Text, shown, StringComparison.Ordinal);
        Assert.Contains(cause.Remedy, shown, StringComparison.Ordinal);
        Assert.Contains(code, shown, StringComparison.Ordinal);
    }

    private static int NumberOf(string code) => code.StartsWith("AADSTS", StringComparison.Ordinal) ? int.Parse(code[6..], System.Globalization.CultureInfo.InvariantCulture) : 0;

    private static async Task PasteAsync(IRenderedComponent<AccountConnection> form, string address)
    {
        await form.InvokeAsync(() => form.Find("#pasted-address").Change(address));
        await form.FindAll("details.more button").Single(button => button.TextContent == ConnectText.PasteTake).ClickAsync();
        await form.WaitForAssertionAsync(() => Assert.Equal("", form.Find("#pasted-address").GetAttribute("value") ?? ""));
    }
}
