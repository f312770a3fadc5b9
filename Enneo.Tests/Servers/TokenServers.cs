namespace Enneo.Tests.Servers;

/// <summary>A Dovecot and an Exim that take an authority's tokens, check them, and take nothing else.</summary>
public sealed class TokenServers : IAsyncDisposable
{
    private readonly ServerFolder _folder = new("tokens");
    private readonly string[] _claims;

    /// <param name="claims">Of a token, any of which names the mailbox.</param>
    public TokenServers(params string[] claims)
    {
        _claims = claims;
        Dovecot = new DovecotServer
        {
            ExtraConfiguration = $$"""
                auth_mechanisms = xoauth2 oauthbearer
                {{string.Join('\n', claims.Select(claim => $$"""
                    passdb {
                      driver = oauth2
                      mechanisms = xoauth2 oauthbearer
                      args = {{_folder[$"{claim}.conf.ext"]}}
                    }
                    """))}}
                {{DovecotServer.WithoutCondstore}}
                """,
        };
        Exim = new EximServer(Dovecot) { TakesTokens = true };
    }

    public DovecotServer Dovecot { get; }

    public EximServer Exim { get; }

    /// <param name="keyId">As tokens name the key.</param>
    /// <param name="publicKey">PEM.</param>
    /// <param name="tokenOf">With which tests look into a mailbox.</param>
    /// <param name="audience">Whom tokens must be for; null for anybody.</param>
    public async Task StartAsync(string keyId, string publicKey, string issuer, Func<string, string> tokenOf, string? audience = null)
    {
        Dovecot.TokenOf = tokenOf;
        var keys = Path.Combine(_folder.Subfolder("keys"), "default", "RS256");
        Directory.CreateDirectory(keys);
        await File.WriteAllTextAsync(Path.Combine(keys, keyId), publicKey);
        foreach (var claim in _claims)
        {
            await File.WriteAllTextAsync(_folder[$"{claim}.conf.ext"], $"""
                introspection_mode = local
                local_validation_key_dict = fs:posix:prefix={_folder["keys"]}/
                username_attribute = {claim}
                username_format = %Lu
                issuers = {issuer}
                {(audience is null ? "" : $"client_id = {audience}")}

                """);
        }

        await _folder.HandOverAsync(CancellationToken.None);
        await Dovecot.InitializeAsync();
        await Exim.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Exim.DisposeAsync();
        await Dovecot.DisposeAsync();
        await _folder.DisposeAsync();
    }
}
