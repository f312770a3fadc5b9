using System.Globalization;

namespace Enneo.Tests.Servers;

/// <summary>A real nginx in front of Enneo, with the settings that the documentation gives; only ports and certificate are of the test.</summary>
public sealed class NginxServer : IProxy
{
    private readonly ServerFolder _folder = new("nginx");
    private readonly TestCertificate _certificate = new();
    private Daemon? _daemon;

    public Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"https://localhost:{FreePort.Next()}/"));

    public async Task StartAsync(Uri enneo, CancellationToken cancellationToken)
    {
        _certificate.Write(_folder["cert.pem"], _folder["key.pem"]);
        var site = ProxySample.Replaced(
            await File.ReadAllTextAsync(Path.Combine(Solution.Folder, "docs", "nginx.conf"), cancellationToken),
            ("listen 80;", $"listen 127.0.0.1:{FreePort.Next()};"),
            ("listen 443 ssl;", $"listen 127.0.0.1:{Address.Port} ssl;"),
            ("/etc/ssl/certs/mail.example.com.pem", _folder["cert.pem"]),
            ("/etc/ssl/private/mail.example.com.key", _folder["key.pem"]),
            ("http://127.0.0.1:5080", $"http://127.0.0.1:{enneo.Port}"));
        await File.WriteAllTextAsync(_folder["nginx.conf"], $$"""
            daemon off;
            pid {{_folder["nginx.pid"]}};
            error_log {{_folder["error.log"]}};
            events { }
            http {
                access_log off;
                client_body_temp_path {{_folder["body"]}};
                proxy_temp_path {{_folder["proxy"]}};
                fastcgi_temp_path {{_folder["fastcgi"]}};
                uwsgi_temp_path {{_folder["uwsgi"]}};
                scgi_temp_path {{_folder["scgi"]}};
            {{site}}
            }
            """, cancellationToken);
        await _folder.HandOverAsync(cancellationToken);
        _daemon = await Daemon.StartAsync(["/usr/sbin/nginx", "-p", _folder.Path, "-e", _folder["error.log"], "-c", _folder["nginx.conf"]], Address.Port, Log, cancellationToken);
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
