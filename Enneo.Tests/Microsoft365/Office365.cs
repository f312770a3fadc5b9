using System.Globalization;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Microsoft365;

/// <summary>Microsoft 365 in small: an authority, and mail servers that take its tokens and check them.</summary>
public sealed class Office365 : IAsyncLifetime
{
    private readonly TokenServers _servers = new("upn", "full_access");

    public Office365() => Entra = new EntraServer(Dovecot.Certificate);

    public DovecotServer Dovecot => _servers.Dovecot;

    public EximServer Exim => _servers.Exim;

    internal EntraServer Entra { get; }

    /// <summary>What an admin types into the form.</summary>
    public Microsoft365Input Registration => new()
    {
        Tenant = EntraServer.Tenant,
        ClientId = EntraServer.ClientId,
        Secret = EntraServer.Secret,
        Cloud = Cloud.Own,
        Own = new CloudAddresses(
            Entra.Address,
            $"{Entra.Address}/graph",
            "https://outlook.office.com",
            "https://outlook.office365.com",
            string.Create(CultureInfo.InvariantCulture, $"localhost:{Dovecot.ImapsPort}"),
            string.Create(CultureInfo.InvariantCulture, $"localhost:{Exim.Port}"),
            Dovecot.CertificateFingerprint),
    };

    public async ValueTask InitializeAsync()
    {
        await Entra.StartAsync();
        await _servers.StartAsync(EntraKeys.Id, Entra.PublicKey, Entra.Issuer, Entra.LookingInto, "https://outlook.office.com");
    }

    public async ValueTask DisposeAsync()
    {
        await Entra.DisposeAsync();
        await _servers.DisposeAsync();
    }
}
