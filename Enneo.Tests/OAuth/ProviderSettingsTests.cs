using Enneo.Core.Activity;
using Enneo.Core.Connections;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.OAuth;

/// <summary>What an admin may say about a provider.</summary>
public sealed class ProviderSettingsTests(OtherProvider provider) : IClassFixture<OtherProvider>, IAsyncLifetime
{
    private ProviderStore _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await ProviderStore.CreateAsync(provider, Cancel);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Google_takes_nothing_but_the_client_id_and_its_secret_and_is_there_once()
    {
        var google = ProviderInput.Google with { ClientId = "1.apps.googleusercontent.com", Secret = "GOCSPX" };
        await _store.SaveAsync(null, google, Cancel);

        var shown = (await _store.Get<ProviderQueries>().ListAsync(Cancel))[0];
        Assert.Equal(google with { Secret = null }, shown.Settings);
        Assert.Equal(("imap.gmail.com", 993, "smtp.gmail.com", 465, TokenMechanism.XOAuth2), (shown.Settings.ImapHost, shown.Settings.ImapPort, shown.Settings.SmtpHost, shown.Settings.SmtpPort, shown.Settings.Mechanism));
        Assert.Equal(["name"], await ErrorsAsync(google with { Name = "Google once more" }));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_at_its_field()
    {
        var good = provider.Settings with { Name = "Another" };

        Assert.Equal(["name"], await ErrorsAsync(good with { Name = "OUR provider" }));
        Assert.Equal(["authority"], await ErrorsAsync(good with { Authority = "http://login.example.test" }));
        Assert.Equal(["authority"], await ErrorsAsync(good with { Authority = "", AuthorizeAddress = "https://a.example.test" }));
        Assert.Equal(["clientId"], await ErrorsAsync(good with { ClientId = " " }));
        Assert.Equal(["scopes"], await ErrorsAsync(good with { Scopes = "https://mail.example.test/" }));
        Assert.Equal(["extra"], await ErrorsAsync(good with { Extra = "prompt=consent&redirect_uri=https%3A%2F%2Fevil.test" }));
        Assert.Equal(["imap"], await ErrorsAsync(good with { ImapSecurity = ConnectionSecurity.None }));
        Assert.Equal(["smtp"], await ErrorsAsync(good with { SmtpHost = "smtp example" }));
        Assert.Equal(["fingerprint"], await ErrorsAsync(good with { TrustedCertificate = "00" }));
    }

    [Fact]
    public async Task A_stored_secret_is_only_used_for_the_addresses_that_it_was_entered_for()
    {
        var elsewhere = provider.Settings with { Secret = null, Authority = "https://evil.test" };

        var refused = await _store.Get<ProviderEditing>().SaveAsync(_store.ProviderId, elsewhere, Actor.Operator, "test", Cancel);

        Assert.Equal(["secret"], refused.Errors.Keys);
    }

    [Fact]
    public async Task A_provider_with_mailboxes_stays_and_one_without_goes()
    {
        await _store.ConnectAsync("unsaved@example.test", Cancel);
        var mailboxId = await _store.AddAsync("stays@example.test", Cancel);
        var editing = _store.Get<ProviderEditing>();

        Assert.NotNull(await editing.RemoveAsync(_store.ProviderId, Actor.Operator, "test", Cancel));

        await _store.Get<Core.Mailboxes.MailboxRemoval>().RemoveAsync(mailboxId, erase: false, Actor.Operator, "test", Cancel);
        var before = provider.Oidc.Revocations.Count;
        Assert.Null(await editing.RemoveAsync(_store.ProviderId, Actor.Operator, "test", Cancel));
        Assert.Equal(before + 1, provider.Oidc.Revocations.Count); // of what nobody saved
        Assert.Empty(await _store.Get<ProviderQueries>().ListAsync(Cancel));
        Assert.Equal(0, await _store.Store.ReadAsync(db => db.ConnectedAccounts.CountAsync(Cancel), Cancel));
    }

    [Fact]
    public async Task What_the_provider_publishes_is_checked_and_addresses_where_clouds_hand_out_secrets_are_asked_nothing()
    {
        Assert.Null(await CheckAsync(provider.Settings));
        provider.Oidc.CallsItself = "https://evil.test";
        Assert.Equal("oauth.discovery", await CheckAsync(provider.Settings with { TrustedCertificate = provider.Dovecot.CertificateFingerprint, Authority = provider.Oidc.Address + "/basic" }));
        Assert.Equal("oauth.unreachable", await CheckAsync(provider.Settings with { Authority = $"https://0.0.0.0:{provider.Oidc.Port}" })); // which is this machine, and forbidden

        var start = await _store.StartAsync("nobody@example.test", Cancel);
        Assert.Equal((null, "oauth.unreachable"), (start.Login, start.Cause!.Code));
        var told = await _store.Get<AccountQueries>().ProgressAsync("form", ProviderStore.Session, DateTimeOffset.UnixEpoch, null, Cancel);
        Assert.Equal((true, "oauth.unreachable"), (told!.HasEnded, told.Cause!.Code));

        async Task<string?> CheckAsync(ProviderInput settings)
        {
            await _store.SaveAsync(_store.ProviderId, settings with { Secret = OidcServer.Secret }, Cancel);
            return (await _store.Get<ProviderEditing>().CheckAsync(_store.ProviderId, Cancel))?.Code;
        }
    }

    [Fact]
    public async Task What_changed_is_on_record_and_never_the_secret()
    {
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = "another", Mechanism = TokenMechanism.OAuthBearer }, Cancel);

        var changes = await _store.Store.ReadAsync(
            db => db.Activity.Where(a => a.Kind == ActivityKind.OAuthProviderChanged).OrderByDescending(a => a.Sequence).Select(a => a.Changes).FirstAsync(Cancel), Cancel);
        Assert.Equal($$"""{"name":["{{provider.Settings.Name}}","{{provider.Settings.Name}}"],"secret":[null,"new"],"mechanism":["XOAuth2","OAuthBearer"]}""", changes);
    }

    [Fact]
    public async Task While_mailboxes_are_connected_their_sign_ins_cannot_be_led_elsewhere()
    {
        await _store.AddAsync(provider.Dovecot.NewUser(), Cancel);
        foreach (var (field, elsewhere) in new (string, ProviderInput)[]
        {
            ("authority", provider.Settings with { Authority = "https://login.elsewhere.example" }),
            ("clientId", provider.Settings with { ClientId = "another" }),
            ("imap", provider.Settings with { ImapHost = "imap.elsewhere.example" }),
            ("smtp", provider.Settings with { SmtpPort = 10 }),
            ("certificateTrust", provider.Settings with { TrustedCertificate = new string('a', 64) }),
            ("certificateTrust", provider.Settings with { TrustedCertificate = new string('a', 64), ComparedCertificate = new string('b', 64) }), // that was another one
            ("certificateTrust", provider.Settings with { TrustedCertificate = null, ComparedCertificate = new string('b', 64) }),
            ("fingerprint", provider.Settings with { TrustedCertificate = "00", ComparedCertificate = "00" }),
        })
        {
            var refused = await _store.Get<ProviderEditing>().SaveAsync(_store.ProviderId, elsewhere with { Secret = "typed anew" }, Actor.Operator, "test", Cancel);
            Assert.Equal([field], refused.Errors.Keys);
        }

        var mailboxId = await _store.Store.ReadAsync(db => db.Mailboxes.Select(m => m.Id).SingleAsync(Cancel), Cancel);
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = null, TrustedCertificate = new string('a', 64), ComparedCertificate = new string('A', 64) }, Cancel); // by who compared it
        Assert.Equal(new string('A', 64), (await _store.MailboxAsync(mailboxId, Cancel)).Imap.TrustedCertificate, ignoreCase: true);
        await _store.SaveAsync(_store.ProviderId, provider.Settings with { Secret = "typed anew", ComparedCertificate = provider.Settings.TrustedCertificate }, Cancel);
    }

    private async Task<IEnumerable<string>> ErrorsAsync(ProviderInput input) =>
        (await _store.Get<ProviderEditing>().SaveAsync(null, input, Actor.Operator, "test", Cancel)).Errors.Keys;
}
