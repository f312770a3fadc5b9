using System.Globalization;
using Enneo.Core.Microsoft365;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Microsoft365;

/// <summary>
/// Microsoft 365 in small: an authority, a Dovecot and an Exim that take its tokens and check them. (Tests look into the mailboxes
/// with a password that the product does not have.)
/// </summary>
public sealed class Office365 : IAsyncLifetime
{
    private readonly ServerFolder _folder = new("entra");

    public Office365()
    {
        Dovecot = new DovecotServer
        {
            ExtraConfiguration = $$"""
                auth_mechanisms = plain login xoauth2 oauthbearer
                passdb {
                  driver = oauth2
                  mechanisms = xoauth2 oauthbearer
                  args = {{_folder["oauth2.conf.ext"]}}
                }
                passdb {
                  driver = oauth2
                  mechanisms = xoauth2 oauthbearer
                  args = {{_folder["oauth2-shared.conf.ext"]}}
                }
                {{DovecotServer.WithoutCondstore}}
                """,
        };
        Exim = new EximServer(Dovecot) { TakesTokens = true };
        Entra = new EntraServer(Dovecot.Certificate);
    }

    public DovecotServer Dovecot { get; }

    public EximServer Exim { get; }

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
        var keys = Path.Combine(_folder.Subfolder("keys"), "default", "RS256");
        Directory.CreateDirectory(keys);
        await File.WriteAllTextAsync(Path.Combine(keys, EntraKeys.Id), Entra.PublicKey);
        await File.WriteAllTextAsync(_folder["oauth2.conf.ext"], TokensOf("upn"));
        await File.WriteAllTextAsync(_folder["oauth2-shared.conf.ext"], TokensOf("full_access"));
        await _folder.HandOverAsync(CancellationToken.None);
        await Entra.StartAsync();
        await Dovecot.InitializeAsync();
        await Exim.InitializeAsync();
    }

    /// <param name="claim">Of the token, which names the mailbox.</param>
    private string TokensOf(string claim) => $"""
        introspection_mode = local
        local_validation_key_dict = fs:posix:prefix={_folder["keys"]}/
        username_attribute = {claim}
        username_format = %Lu
        issuers = {Entra.Issuer}

        """;

    public async ValueTask DisposeAsync()
    {
        await Entra.DisposeAsync();
        await Exim.DisposeAsync();
        await Dovecot.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
