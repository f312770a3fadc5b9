using System.Globalization;

namespace Enneo.Tests.Servers;

/// <summary>A real Caddy in front of Enneo, with the settings that the documentation gives; only ports and certificate are of the test.</summary>
public sealed class CaddyServer : IProxy
{
    private readonly ServerFolder _folder = new("caddy");
    private readonly TestCertificate _certificate = new();
    private Daemon? _daemon;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{FreePort.Next()}/"));

    public async Task StartAsync(Uri enneo, CancellationToken cancellationToken)
    {
        _certificate.Write(_folder["cert.pem"], _folder["key.pem"]);
        var site = ProxySample.Replaced(
            await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "Caddyfile"), cancellationToken),
            ("mail.example.com {", $"localhost:{Address.Port} {{\n    tls {_folder["cert.pem"]} {_folder["key.pem"]}"),
            ("localhost:5080", $"localhost:{enneo.Port}"));
        await File.WriteAllTextAsync(_folder["Caddyfile"], $$"""
            {
                admin off
                auto_https disable_redirects
                skip_install_trust
                storage file_system {{_folder["storage"]}}
                log {
                    output file {{_folder["error.log"]}}
                }
            }
            {{site}}
            """, cancellationToken);
        await _folder.HandOverAsync(cancellationToken);
        _daemon = await Daemon.StartAsync(["/usr/bin/caddy", "run", "--config", _folder["Caddyfile"], "--adapter", "caddyfile"], Address.Port, Log, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        await _folder.DisposeAsync();
        _certificate.Dispose();
    }

    private string Log() => File.Exists(_folder["error.log"]) ? File.ReadAllText(_folder["error.log"]) : "";
}
