using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.Microsoft365;
using Enneo.Core.Microsoft365.Checks;
using Enneo.Core.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Microsoft365;

/// <summary>Mailboxes that nobody signs in to as themselves: by the app's own access, and by a person who shares them.</summary>
public sealed class ApplicationAccessTests(Office365 office) : IClassFixture<Office365>, IAsyncLifetime
{
    private ConnectedStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApplicationConnecting Connecting => _store.Get<ApplicationConnecting>();

    public async ValueTask InitializeAsync() => _store = await ConnectedStore.CreateAsync(office, Cancel);

    public async ValueTask DisposeAsync()
    {
        (office.Entra.AppCertificate, office.Entra.ApplicationMailbox) = (null, null);
        office.Entra.Rights.Roles["/graph"] = ["Mail.Send", "Mail.ReadWrite"];
        office.Entra.Rights.InExchange.Clear();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task The_app_itself_opens_the_mailbox_that_Exchange_lets_it_into_and_renews_without_a_person()
    {
        var address = office.Dovecot.NewUser();
        office.Entra.ApplicationMailbox = address;
        var connected = await Connecting.ConnectAsync(address, Cancel);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input(address, connected.Account!.Id), Cancel);

        await SignInAsync(await MailboxAsync(mailboxId));
        var before = office.Entra.TokenRequests.Count;
        Assert.NotEmpty(await _store.Get<AccountTokens>().GetAsync(connected.Account.Id, TokenFor.Mail, Cancel, early: true));
        Assert.NotEmpty(await _store.Get<AccountTokens>().GetAsync(connected.Account.Id, TokenFor.Graph, Cancel));

        Assert.True(connected.Account.IsApplication);
        Assert.Equal(
            [("client_credentials", "https://outlook.office365.com/.default"), ("client_credentials", $"{office.Entra.Address}/graph/.default")],
            office.Entra.TokenRequests.Skip(before).Select(request => (request["grant_type"], request["scope"])));
    }

    [Fact]
    public async Task A_mailbox_that_Exchange_keeps_from_the_app_is_explained()
    {
        var address = office.Dovecot.NewUser();
        office.Entra.ApplicationMailbox = "another@example.test";
        var connected = await Connecting.ConnectAsync(address, Cancel);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input(address, connected.Account!.Id), Cancel);

        var refused = await Assert.ThrowsAsync<MailConnectionException>(async () => await _store.Get<MailboxSignIn>().ImapAsync(await MailboxAsync(mailboxId), Cancel));

        Assert.Contains(Causes.Of(Causes.MailboxRefused).Text, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Such a token holds no roles; whoever took that for a refusal would be wrong.</summary>
    [Fact]
    public async Task What_Exchange_gives_the_app_at_Graph_for_one_mailbox_opens_that_one_alone()
    {
        office.Entra.Rights.Roles["/graph"] = [];
        var (open, closed) = ("desk@example.test", "director@example.test");
        office.Entra.Rights.InExchange[$"Mail.Send {open}"] = 0;
        office.Entra.Rights.InExchange[$"Mail.ReadWrite {open}"] = 0;
        office.Entra.Rights.InExchange[$"Mail.ReadWrite {closed}"] = 0; // and may not send from it
        var account = (await Connecting.ConnectAsync(open, Cancel)).Account!.Id;
        var sent = office.Entra.Graph.Sent.Count;

        Assert.True((await _store.Get<GraphRoad>().AskAsync(account, open, Cancel)).IsOpen);
        Assert.False((await _store.Get<GraphRoad>().AskAsync(account, closed, Cancel)).IsOpen);
        Assert.False((await _store.Get<GraphRoad>().AskAsync(account, "another@example.test", Cancel)).IsOpen);
        Assert.Equal((sent, 0), (office.Entra.Graph.Sent.Count, office.Entra.Graph.Drafts)); // it was asked, and nothing more
        Assert.Equal(GraphEnd.Accepted, (await SendAsync(open)).End);
        Assert.Equal(GraphEnd.SignInAgain, (await SendAsync(closed)).End);

        Task<GraphAnswer> SendAsync(string address) => _store.Get<GraphSending>().SendAsync(account, address, "Subject: x\r\n\r\nx\r\n"u8.ToArray(), _ => Task.FromResult(true), Cancel);
    }

    [Fact]
    public async Task Nobody_is_proposed_at_the_login_for_a_shared_mailbox_but_the_person_who_uses_it()
    {
        Assert.Equal("own@example.test", await HintAsync("own@example.test", isShared: false));
        Assert.Null(await HintAsync("front@example.test", isShared: true));

        var connected = await _store.ConnectAsync("front@example.test", Cancel, person: "anna@example.test", isShared: true);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input("front@example.test", connected.Account!.Id), Cancel);
        Assert.Equal("anna@example.test", await HintAsync("front@example.test", isShared: false, mailboxId));

        async Task<string?> HintAsync(string address, bool isShared, long? mailboxId = null) =>
            QueryHelpers.ParseQuery((await _store.StartAsync(address, Cancel, mailboxId, isShared: isShared))!.Query).TryGetValue("login_hint", out var hint) ? hint.ToString() : null;
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "AADSTS700027")]
    public async Task A_certificate_takes_the_place_of_the_secret(bool isRegistered, string? code)
    {
        using var certificate = NewCertificate();
        using var other = NewCertificate();
        office.Entra.AppCertificate = isRegistered ? certificate : other;
        var registration = office.Registration with { Secret = null, Certificate = certificate.Export(X509ContentType.Pkcs12, "word"), CertificatePassword = "word" };
        var editing = _store.Get<Microsoft365SettingsEditing>();
        Assert.Empty(await editing.SaveAsync(registration, Actor.Operator, "test", Cancel));

        var cause = (await _store.Get<RegistrationCheck>().RunAsync(ConnectedStore.Redirect, Cancel))[0].Cause;

        var request = office.Entra.TokenRequests.Last();
        Assert.Equal(code, cause?.Code);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request["client_assertion_type"]);
        Assert.DoesNotContain("client_secret", request.Keys);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), (await editing.FindAsync(Cancel)).Settings.ExpiresAt!.Value.UtcDateTime);
        if (isRegistered)
        {
            Assert.Equal(ConnectEnd.Connected, (await _store.ConnectAsync("certified@example.test", Cancel)).End);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_shared_mailbox_is_opened_with_the_token_of_a_person_who_may(bool mayOpen)
    {
        var (team, person) = (office.Dovecot.NewUser(), office.Dovecot.NewUser());
        office.Entra.Add(new EntraPerson(person, Guid.NewGuid()) { FullAccess = mayOpen ? team : null });
        var connected = await _store.ConnectAsync(team, Cancel, person);
        await _store.Get<AccountQueries>().ShareAsync(connected.Account!.Id, Cancel);
        var mailbox = await MailboxAsync(await _store.Store.AddAsync(ConnectedStore.Input(team, connected.Account.Id), Cancel));

        if (mayOpen)
        {
            await SignInAsync(mailbox);
        }
        else
        {
            var refused = await Assert.ThrowsAsync<MailConnectionException>(() => _store.Get<MailboxSignIn>().ImapAsync(mailbox, Cancel));
            Assert.Contains(Causes.Of(Causes.MailboxRefused).Text, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_shared_mailbox_asks_for_its_permissions_from_the_first_login_on_and_no_other_mailbox_does()
    {
        var asked = Uri.UnescapeDataString((await _store.StartAsync("desk@example.test", Cancel, isShared: true))!.Query);
        Assert.All(["/Mail.Send.Shared", "/Mail.ReadWrite.Shared"], scope => Assert.Contains(scope, asked, StringComparison.Ordinal));
        Assert.DoesNotContain("/Mail.Send ", asked.Replace('+', ' '), StringComparison.Ordinal);
        var said = await _store.ConnectAsync("desk@example.test", Cancel, person: "anna@example.test", isShared: true);
        Assert.Equal((true, true), (said.Account!.IsOther, said.Account.IsUsable));
        Assert.False((await _store.ConnectAsync("anna@example.test", Cancel, isShared: true)).Account!.IsShared); // it is her own

        var connected = await _store.ConnectAsync("desk@example.test", Cancel, person: "anna@example.test");
        await _store.Get<AccountQueries>().ShareAsync(connected.Account!.Id, Cancel);
        var mailboxId = await _store.Store.AddAsync(ConnectedStore.Input("desk@example.test", connected.Account.Id), Cancel);

        Assert.DoesNotContain("ReadWrite.Shared", (await _store.StartAsync("desk@example.test", Cancel))!.Query, StringComparison.Ordinal);
        Assert.Contains("Mail.ReadWrite.Shared", (await _store.StartAsync("desk@example.test", Cancel, mailboxId))!.Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Cloud.Global, "login.microsoftonline.com", "outlook.office365.com", 993)]
    [InlineData(Cloud.UsGovernment, "login.microsoftonline.us", "outlook.office365.us", 993)]
    [InlineData(Cloud.UsDefense, "login.microsoftonline.us", "outlook-dod.office365.us", 993)]
    [InlineData(Cloud.China, "login.partner.microsoftonline.cn", "partner.outlook.cn", 993)]
    public async Task Each_cloud_has_its_own_login_and_its_tokens_are_shown_to_its_own_servers(Cloud cloud, string authority, string imap, int port)
    {
        Assert.Empty(await _store.Get<Microsoft365SettingsEditing>().SaveAsync(office.Registration with { Cloud = cloud, Own = null }, Actor.Operator, "test", Cancel));

        var consent = await _store.Get<AccountConnecting>().ConsentLinkAsync(ConnectedStore.Redirect, Cancel);

        Assert.Equal(authority, consent!.Host);
        Assert.All(Enum.GetValues<Cloud>().Where(other => other is not Cloud.Own), other =>
            Assert.Equal(CloudAddresses.Of(other).Imap == CloudAddresses.Of(cloud).Imap, MailHome.Of(CloudAddresses.Of(other)).Takes(imap, port)));
    }

    private async Task SignInAsync(Mailbox mailbox)
    {
        using var imap = await _store.Get<MailboxSignIn>().ImapAsync(mailbox, Cancel);
        using var smtp = await _store.Get<MailboxSignIn>().SmtpAsync(mailbox, Cancel);

        Assert.True(imap.IsAuthenticated && smtp.IsAuthenticated);
        await imap.DisconnectAsync(true, Cancel);
        await smtp.DisconnectAsync(true, Cancel);
    }

    private Task<Mailbox> MailboxAsync(long mailboxId) => _store.Store.ReadAsync(db => db.Mailboxes.AsNoTracking().SingleAsync(m => m.Id == mailboxId, Cancel), Cancel);

    private static X509Certificate2 NewCertificate()
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=Enneo", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddYears(1));
    }
}
