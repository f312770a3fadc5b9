using Enneo.Core.Connections;
using Enneo.Core.OAuth;
using Enneo.Tests.Microsoft365;
using Enneo.Tests.Servers;

namespace Enneo.Tests.OAuth;

/// <summary>A provider of mail other than Microsoft, in small: who signs people in, and mail servers that take those tokens and check them.</summary>
public sealed class OtherProvider : IAsyncLifetime
{
    private readonly TokenServers _servers = new("email");

    public OtherProvider() => Oidc = new OidcServer(Dovecot.Certificate);

    public DovecotServer Dovecot => _servers.Dovecot;

    public EximServer Exim => _servers.Exim;

    internal OidcServer Oidc { get; }

    /// <summary>What an admin types into the form.</summary>
    public ProviderInput Settings => new()
    {
        Name = "Our provider",
        Authority = Oidc.Address,
        ClientId = OidcServer.ClientId,
        Secret = OidcServer.Secret,
        Scopes = "openid email https://mail.example.test/",
        Extra = OidcServer.Offline,
        ImapHost = "localhost",
        ImapPort = Dovecot.ImapsPort,
        SmtpHost = "localhost",
        SmtpPort = Exim.Port,
        SmtpSecurity = ConnectionSecurity.StartTls,
        TrustedCertificate = Dovecot.CertificateFingerprint,
    };

    public async ValueTask InitializeAsync()
    {
        await Oidc.StartAsync();
        await _servers.StartAsync(EntraKeys.Id, Oidc.PublicKey, Oidc.Address, Oidc.LookingInto);
    }

    public async ValueTask DisposeAsync()
    {
        await Oidc.DisposeAsync();
        await _servers.DisposeAsync();
    }
}
