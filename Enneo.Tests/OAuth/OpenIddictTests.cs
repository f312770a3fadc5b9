using Enneo.Core.Activity;
using Enneo.Core.OAuth;
using Enneo.Tests.Servers;
using Microsoft.AspNetCore.WebUtilities;

namespace Enneo.Tests.OAuth;

/// <summary>The protocol against a provider that others wrote (OpenIddict).</summary>
public sealed class OpenIddictTests : IAsyncLifetime
{
    private readonly TestCertificate _certificate = new();
    private readonly TemporaryFolder _folder = new();
    private readonly OpenIddictServer _server;
    private EnneoStore _store = null!;

    public OpenIddictTests() => _server = new OpenIddictServer(_certificate);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _store = await EnneoStore.CreateAsync(_folder["data"], Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_account_is_connected_and_its_tokens_are_renewed()
    {
        ProviderInput settings = new()
        {
            Name = "OpenIddict",
            Authority = _server.Issuer,
            ClientId = OidcServer.ClientId,
            Secret = OidcServer.Secret,
            ImapHost = "imap.example.test",
            SmtpHost = "smtp.example.test",
            TrustedCertificate = _certificate.Fingerprint,
        };
        var saved = await _store.Get<ProviderEditing>().SaveAsync(null, settings, Actor.Operator, "test", Cancel);
        Assert.Null(await _store.Get<ProviderEditing>().CheckAsync(saved.ProviderId!.Value, Cancel));

        var connecting = _store.Get<AccountConnecting>();
        var start = await connecting.StartAsync(new ConnectWish("anna@example.test", "form", ProviderStore.Session, 1, null, ProviderStore.Redirect, saved.ProviderId), Cancel);
        var connected = await connecting.FinishAsync(await LogInAsync(start.Login!), ProviderStore.Session, Cancel);

        Assert.Equal((ConnectEnd.Connected, "anna@example.test", false), (connected.End, connected.Account?.ConnectedAs, connected.Account?.IsOther));
        var mailboxId = await _store.AddAsync(ProviderStore.Input("anna@example.test", connected.Account!.Id), Cancel);
        var accountId = await _store.Get<AccountTokens>().AccountOfAsync(mailboxId, Cancel);
        var first = await _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel);
        var second = await _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel, early: true);
        Assert.Equal(3, new[] { first, second, await _store.Get<AccountTokens>().GetAsync(accountId, TokenFor.Mail, Cancel, early: true) }.Distinct().Count());
    }

    private async Task<Callback> LogInAsync(Uri login)
    {
        using HttpClientHandler handler = new()
        {
            AllowAutoRedirect = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) => _certificate.Is(certificate),
        };
        using HttpClient browser = new(handler);
        using var answer = await browser.GetAsync(login, Cancel);
        var back = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);
        return new Callback(back["state"], back["code"], null, null, null, null, back["iss"]);
    }
}
