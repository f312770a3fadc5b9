using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Messages;
using Enneo.Core.Microsoft365;
using Enneo.Core.OAuth;
using Enneo.Core.Sync;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Enneo.Tests.Microsoft365;

/// <summary>All that stands in the way of a shared mailbox in an ordinary tenant, in a browser: approval, another person, SMTP AUTH switched off, a sign-in that ends.</summary>
[Trait("Category", "Browser")]
public sealed class SharedMailboxJourneyTests(Office365 office, Chromium chromium) : IClassFixture<Office365>, IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly EnneoApp _app = new() { Settings = new Dictionary<string, string> { ["Enneo:Sending:UndoTime"] = "00:00:00" } };
    private readonly SmtpSink _closed = new()
    {
        Certificate = office.Dovecot.Certificate,
        OfferStartTls = true,
        Mechanisms = "XOAUTH2",
        User = "whoever has a token",
        SignInRefusal = CatalogueRows.SmtpSignIn[0].Answer,
    };

    private readonly string _team = office.Dovecot.NewUser();
    private readonly string _person = office.Dovecot.NewUser();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int SentCount => office.Entra.Graph.Sent.Count(sent => sent.Address == _team);

    public async ValueTask InitializeAsync()
    {
        await _closed.InitializeAsync();
        await _app.InitializeAsync();
        office.Entra.Lifetime = TimeSpan.FromMinutes(7); // so that the job finds something to renew whenever it runs
        office.Entra.Add(new EntraPerson(_person, Guid.NewGuid()) { FullAccess = _team });
        var registration = office.Registration with { Own = office.Registration.Own! with { Smtp = string.Create(CultureInfo.InvariantCulture, $"localhost:{_closed.Port}") } };
        Assert.Empty(await _app.Get<Microsoft365SettingsEditing>().SaveAsync(registration, Actor.Operator, "test", Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        (office.Entra.Lifetime, office.Entra.NeedsApproval) = (TimeSpan.FromHours(1), false);
        await _app.DisposeAsync();
        await _closed.DisposeAsync();
    }

    [Fact]
    public async Task A_shared_mailbox_is_approved_connected_read_answered_from_and_connected_again_and_nothing_is_lost()
    {
        await using var visit = await _app.SignInAsync(chromium, trustsEverybody: true);
        var page = visit.Page;
        await page.GotoAsync("/settings/email-accounts?account=new");
        await page.GetByRole(AriaRole.Radio, new() { Name = "Microsoft 365" }).ClickAsync();
        await page.GetByLabel("Email address").FillAsync(_team);
        await page.GetByLabel("Email address").BlurAsync();
        await Expect(page.Locator("#access-token")).ToHaveValueAsync("");
        await ApproveAsync(page);
        await ConnectAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(page.GetByText("Added. Its mail is on the way")).ToBeVisibleAsync();

        using MimeMessage mail = new([MailboxAddress.Parse("jonas@customer.example")], [MailboxAddress.Parse(_team)], "Bicycle 4", new TextPart("plain") { Text = "Is it ready?" });
        await office.Dovecot.DeliverAsync(_team, mail, Cancel);
        await AnswerAsync(page, "It is.");
        await UntilAsync(() => SentCount == 1);

        await RevokeAsync(page);
        await AnswerAsync(page, "And it is clean.");
        await page.GotoAsync("/settings/email-accounts?account=1");
        await LogInAsync(page, "Connected");
        await UntilAsync(() => SentCount == 2);
        Assert.Equal((1, 3, 0), await CountAsync());
        await page.GotoAsync("about:blank"); // the page, which refreshes itself, ends before the program does
        Assert.Empty(visit.Errors);
    }

    /// <summary>Microsoft's page does not come back; the link and the ready mail do it, and the administrator's return says so.</summary>
    private async Task ApproveAsync(IPage page)
    {
        office.Entra.NeedsApproval = true;
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await Expect(login.GetByText("Need admin approval")).ToBeVisibleAsync();
        await login.CloseAsync();
        await Expect(page.Locator("[data-progress]")).ToContainTextAsync("Waiting");
        await page.Locator("summary", new() { HasText = "Need admin approval" }).ClickAsync();
        var link = await page.Locator("[data-consent-link]").InputValueAsync();
        await Expect(page.Locator("[data-mail]")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex($"{System.Text.RegularExpressions.Regex.Escape(_team)}[\\s\\S]*adminconsent"));
        await page.Locator("[data-copy]").First.ClickAsync();
        await Expect(page.Locator("[data-copy]").First).ToHaveTextAsync("Copied");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the mail" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" }).Last).ToBeVisibleAsync();

        var administrator = await page.Context.NewPageAsync();
        await administrator.GotoAsync(link);
        await Expect(administrator.Locator("[data-end=ConsentGiven]")).ToHaveTextAsync("The organisation has agreed. Everybody can connect their mailbox now.");
        await administrator.CloseAsync();
        office.Entra.NeedsApproval = false;
    }

    /// <summary>Whoever is not the mailbox is named, until they say that it is shared; and Graph is chosen where SMTP is closed.</summary>
    private async Task ConnectAsync(IPage page)
    {
        await LogInAsync(page, "Connected");
        await Expect(page.Locator("[data-other]")).ToContainTextAsync($"{_person} signed in, and that is not {_team}.");
        await page.Locator("#connection-shared").CheckAsync();
        await LogInAsync(page, "Connected");
        await Expect(page.Locator("[data-connected-as]")).ToHaveTextAsync($"Shared mailbox, used by {_person}");
        await Expect(page.Locator("[data-road]")).ToContainTextAsync("5.7.139");
        await Expect(page.GetByLabel("Send by")).ToHaveValueAsync("graph");
        Assert.Contains("Mail.Send.Shared", office.Entra.AuthorizeRequests.Last()["scope"], StringComparison.Ordinal);
    }

    private async Task LogInAsync(IPage page, string end)
    {
        var login = await page.RunAndWaitForPopupAsync(() => page.Locator("a[data-connect]").ClickAsync());
        await login.GetByLabel("Account").FillAsync(_person);
        await login.GetByLabel("Password").FillAsync(EntraPerson.Password);
        await login.GetByRole(AriaRole.Button, new() { Name = "Accept" }).ClickAsync();
        await Expect(login.Locator($"[data-end={end}]")).ToBeVisibleAsync();
        await login.CloseAsync();
    }

    private static async Task AnswerAsync(IPage page, string text)
    {
        await page.GotoAsync("/inbox");
        await page.Locator("[data-row]", new() { HasText = "Bicycle 4" }).ClickAsync(new() { Timeout = 60_000 });
        await Expect(page.Locator(".thread h2")).ToHaveTextAsync("Bicycle 4");
        await page.Keyboard.PressAsync("r");
        await page.Locator("[data-editor]:not([hidden])").PressSequentiallyAsync(text);
        await Expect(page.Locator("[data-saved]")).ToContainTextAsync("Saved");
        await page.Locator("[data-send]").ClickAsync();
        await Expect(page.Locator("[data-editor]:not([hidden])")).ToHaveCountAsync(0);
    }

    /// <summary>The person's password was changed.</summary>
    private async Task RevokeAsync(IPage page)
    {
        office.Entra.RevokeAll();
        await _app.Get<TokenRenewal>().RunAsync(Cancel);
        await page.GotoAsync("/settings/email-accounts");
        await Expect(page.Locator("tbody")).ToContainTextAsync("AADSTS50173");
        var account = await ReadAsync(db => db.ConnectedAccounts.Where(a => a.MailboxId != null).Select(a => a.Id).SingleAsync(Cancel));
        await Assert.ThrowsAsync<MailConnectionException>(() => _app.Get<AccountTokens>().GetAsync(account, TokenFor.Graph, Cancel));
    }

    private static Task UntilAsync(Func<bool> isSo) => EnneoStore.UntilAsync(() => Task.FromResult(isSo()), TimeSpan.FromSeconds(60), Cancel, 200);

    private Task<(int Tickets, int Messages, int Waiting)> CountAsync() => ReadAsync(async db =>
        (await db.Tickets.CountAsync(Cancel), await db.Messages.CountAsync(m => m.Direction != MessageDirection.Internal, Cancel), await db.Outbox.CountAsync(o => o.SentAt == null, Cancel)));

    private async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await _app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }
}
