using System.Text;
using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.Mailboxes;
using Enneo.Core.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.OAuth;

/// <summary>Connect Account at a provider other than Microsoft: who may come back with what, and what opens with it.</summary>
public sealed class ProviderConnectingTests(OtherProvider provider) : IClassFixture<OtherProvider>, IAsyncLifetime
{
    private ProviderStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await ProviderStore.CreateAsync(provider, Cancel);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    [Trait("Check", "OA03")]
    [Trait("Check", "OA13")]
    public async Task The_login_is_asked_for_the_scopes_with_PKCE_a_nonce_a_hint_and_what_the_provider_wants_besides()
    {
        var login = (await _store.StartAsync("support@example.test", Cancel)).Login!;

        var asked = QueryHelpers.ParseQuery(login.Query);
        Assert.Equal($"{provider.Oidc.Address}/authorize", login.GetLeftPart(UriPartial.Path));
        Assert.Equal(
            ["code", OidcServer.ClientId, ProviderStore.Redirect, "openid email https://mail.example.test/", "S256", "support@example.test", "offline", "consent"],
            new[] { "response_type", "client_id", "redirect_uri", "scope", "code_challenge_method", "login_hint", "access_type", "prompt" }.Select(name => asked[name].ToString()));
        Assert.True(new[] { "code_challenge", "nonce", "state" }.All(name => asked[name].ToString().Length >= 43));
        Assert.DoesNotContain(OidcServer.Secret, login.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TokenMechanism.XOAuth2, "XOAUTH2")]
    [InlineData(TokenMechanism.OAuthBearer, "OAUTHBEARER")]
    public async Task A_connected_mailbox_is_read_by_its_token(TokenMechanism mechanism, string name)
    {
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = null, Mechanism = mechanism }, Cancel);
        var address = provider.Dovecot.NewUser();
        var mailbox = await _store.MailboxAsync(await _store.AddAsync(address, Cancel), Cancel);

        using var client = await _store.Get<MailboxSignIn>().ImapAsync(mailbox, Cancel);

        Assert.Equal((MailboxMethod.OAuth, "localhost", provider.Dovecot.ImapsPort, address), (mailbox.Method, mailbox.Imap.Host, mailbox.Imap.Port, mailbox.Imap.User));
        Assert.True(client.IsAuthenticated);
        Assert.Contains($"user=<{address}>, method={name}", provider.Dovecot.Log, StringComparison.OrdinalIgnoreCase);
        await client.LeaveAsync(Cancel);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    [Trait("Check", "OA14")]
    public async Task A_clock_that_differs_from_the_providers_by_ten_minutes_keeps_nobody_out(int minutes)
    {
        provider.Oidc.Skew = TimeSpan.FromMinutes(minutes);

        Assert.Equal(ConnectEnd.Connected, (await _store.ConnectAsync("clock@example.test", Cancel)).End);
    }

    [Theory]
    [InlineData(TokenMechanism.XOAuth2, "xoauth2")]
    [InlineData(TokenMechanism.OAuthBearer, "oauthbearer")]
    public async Task A_connected_mailbox_sends_by_its_token(TokenMechanism mechanism, string name)
    {
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = null, Mechanism = mechanism }, Cancel);
        var (address, customer) = (provider.Dovecot.NewUser(), provider.Dovecot.NewUser());
        var mailbox = await _store.MailboxAsync(await _store.AddAsync(address, Cancel), Cancel);
        using MimeMessage mail = new([MailboxAddress.Parse(address)], [MailboxAddress.Parse(customer)], "Hello", new TextPart("plain") { Text = "Hello" });

        var client = await _store.Get<MailboxSignIn>().SmtpAsync(mailbox, Cancel);
        await client.SendAsync(mail, Cancel);
        await client.LeaveAsync(Cancel);

        await EnneoStore.UntilAsync(async () => (await Servers.DovecotFolders.SubjectsAsync(provider.Dovecot, customer, "INBOX", Cancel)).Contains("Hello"), TimeSpan.FromSeconds(30), Cancel, 100);
        Assert.Contains($"A={name}:{address}", provider.Exim.Log(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not-begun")]
    [InlineData("other session")]
    [InlineData("used")]
    [InlineData("at Microsoft's address")]
    [Trait("Check", "OA01")]
    [Trait("Check", "OA04")]
    public async Task Whoever_comes_back_without_having_begun_there_in_this_session_is_sent_away_and_no_token_is_asked_for(string how)
    {
        var connecting = _store.Get<AccountConnecting>();
        var callback = provider.Oidc.LogIn((await _store.StartAsync("state@example.test", Cancel)).Login!, "state@example.test");
        if (how == "used")
        {
            Assert.Equal(ConnectEnd.Connected, (await connecting.FinishAsync(callback, ProviderStore.Session, Cancel)).End);
        }

        var before = provider.Oidc.TokenRequests.Count;
        var result = await connecting.FinishAsync(
            how switch
            {
                "not-begun" => callback with { State = new string('a', 64) },
                "at Microsoft's address" => callback with { ArrivedAt = "http://localhost:5080/microsoft365/callback" },
                _ => callback,
            },
            how == "other session" ? "of somebody else" : ProviderStore.Session,
            Cancel);

        Assert.Equal((ConnectEnd.NotExpected, before), (result.End, provider.Oidc.TokenRequests.Count));
    }

    [Theory]
    [InlineData("iss", "https://evil.test")]
    [InlineData("aud", "another-app")]
    [InlineData("azp", "another-app")]
    [InlineData("nonce", "of another login")]
    [InlineData("sub", "")]
    [InlineData("exp", 1_000_000_000)]
    [InlineData("signature", "")]
    [Trait("Check", "OA17")]
    public async Task A_word_about_who_signed_in_that_cannot_be_believed_connects_nothing(string claim, object value)
    {
        (provider.Oidc.SignsWrongly, provider.Oidc.Forge) = (claim == "signature", claims => claims[claim] = value);

        var result = await _store.ConnectAsync("forged@example.test", Cancel);

        Assert.Equal((ConnectEnd.Refused, "oauth.identity"), (result.End, result.Cause!.Code));
        Assert.Equal(0, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
    }

    [Theory]
    [InlineData("boss@example.test", true)]
    [InlineData("team@example.test", false)]
    [Trait("Check", "OA08")]
    public async Task Who_signs_in_without_being_the_mailbox_is_named_and_nothing_is_connected(string person, bool isProven)
    {
        provider.Oidc.Forge = claims => claims["email_verified"] = isProven;

        var connected = await _store.ConnectAsync("team@example.test", Cancel, person);
        await _store.Get<AccountQueries>().ShareAsync(connected.Account!.Id, Cancel); // there are no shared mailboxes here
        var refused = await _store.Get<MailboxEditing>().AddAsync(ProviderStore.Input("team@example.test", connected.Account.Id), Actor.Operator, "test", Cancel);

        Assert.True(connected.Account.IsOther);
        Assert.Contains("Somebody else than this mailbox", Assert.Single(refused.Errors["data.account"]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Check", "OA17")]
    public async Task An_address_that_now_belongs_to_somebody_else_is_another_person()
    {
        var mailboxId = await _store.AddAsync("moved@example.test", Cancel);
        provider.Oidc.Forge = claims => claims["sub"] = "somebody-new";

        var connected = await _store.ConnectAsync("moved@example.test", Cancel, mailboxId: mailboxId);

        Assert.True(connected.Account!.IsOther);
        Assert.NotNull(await _store.Get<MailboxEditing>().ReconnectAsync(mailboxId, connected.Account.Id, Actor.Operator, "test", Cancel));
    }

    [Fact]
    public async Task A_login_at_one_provider_is_none_for_a_mailbox_of_another()
    {
        var connected = await _store.ConnectAsync("google@example.test", Cancel);

        var refused = await _store.Get<MailboxEditing>().AddAsync(ProviderStore.Input("google@example.test", connected.Account!.Id, "google"), Actor.Operator, "test", Cancel);

        Assert.Contains("Connect the account first", Assert.Single(refused.Errors["data.account"]), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Check", "OA11")]
    public async Task Who_cancels_and_a_provider_that_gives_nothing_to_renew_with_are_told_in_words()
    {
        var cancelled = await _store.Get<AccountConnecting>().FinishAsync(
            provider.Oidc.LogIn((await _store.StartAsync("no@example.test", Cancel)).Login!, person: null), ProviderStore.Session, Cancel);
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = null, Extra = "" }, Cancel);
        var withoutRefresh = await _store.ConnectAsync("short@example.test", Cancel);

        Assert.Equal("oauth.access_denied", cancelled.Cause!.Code);
        Assert.Equal("oauth.no_refresh_token", withoutRefresh.Cause!.Code);
        Assert.Contains("access_type=offline", withoutRefresh.Cause.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_takes_the_secret_in_the_header_alone_is_given_it_there()
    {
        provider.Oidc.WantsBasic = true;
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Authority = provider.Oidc.Issuer }, Cancel);

        Assert.Equal(ConnectEnd.Connected, (await _store.ConnectAsync("header@example.test", Cancel)).End);
        Assert.DoesNotContain("client_secret", provider.Oidc.TokenRequests.Last().Keys);
    }

    [Fact]
    public async Task Where_nobody_vouches_for_who_signed_in_the_mail_server_does()
    {
        var plain = provider.Settings with { Authority = "", AuthorizeAddress = $"{provider.Oidc.Address}/authorize", TokenAddress = $"{provider.Oidc.Address}/token", Scopes = "mail" };
        await _store.SaveAsync(_store.ProviderId, plain, Cancel);
        var address = provider.Dovecot.NewUser();

        Assert.False((await _store.ConnectAsync(address, Cancel)).Account!.IsOther);
        Assert.Equal("oauth.mailbox_refused", (await _store.ConnectAsync(address, Cancel, person: provider.Dovecot.NewUser())).Cause!.Code);
    }

    [Fact]
    [Trait("Check", "OA12")]
    public async Task Tokens_and_secrets_are_nowhere_in_the_data_directory()
    {
        await _store.AddAsync("atrest@example.test", Cancel);
        await _store.Store.DisposeAsync();

        var files = Directory.EnumerateFiles(_store.DataDirectory, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/keys/", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, file => file.EndsWith(".db", StringComparison.Ordinal));
        foreach (var text in files.Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))))
        {
            Assert.DoesNotContain(OidcServer.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("eyJ0eXAi", text, StringComparison.Ordinal);
            Assert.DoesNotContain(provider.Oidc.GivenTokens, token => text.Contains(token[..40], StringComparison.Ordinal));
        }
    }

    [Fact]
    [Trait("Check", "OA16")]
    public async Task A_token_is_shown_to_no_server_but_the_providers()
    {
        var mailbox = await _store.MailboxAsync(await _store.AddAsync("elsewhere@example.test", Cancel), Cancel);
        (mailbox.Imap.Host, mailbox.Smtp.Host) = ("evil.test", "evil.test");
        var signIn = _store.Get<MailboxSignIn>();

        foreach (var connect in new Func<Task>[] { () => signIn.ImapAsync(mailbox, Cancel), () => signIn.SmtpAsync(mailbox, Cancel) })
        {
            Assert.Contains("not the provider's", (await Assert.ThrowsAsync<MailConnectionException>(connect)).Message, StringComparison.Ordinal);
        }
    }
}
