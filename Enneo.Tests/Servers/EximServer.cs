
namespace Enneo.Tests.Servers;

/// <summary>A real Exim, rootless, that lets Dovecot's users sign in (TLS only) and delivers to that Dovecot by LMTP.</summary>
public sealed class EximServer(DovecotServer dovecot) : IAsyncLifetime
{
    private readonly ServerFolder _folder = new("exim");
    private Daemon? _daemon;

    /// <summary>SMTP with STARTTLS, Dovecot's certificate, AUTH PLAIN and LOGIN.</summary>
    public int Port { get; } = FreePort.Next();

    /// <summary>AUTH XOAUTH2 and OAUTHBEARER alone, which that Dovecot must offer.</summary>
    public bool TakesTokens { get; init; }

    public async ValueTask InitializeAsync()
    {
        _folder.Subfolder("spool");
        _folder.Subfolder("log");
        var (_, _, group) = await ServerFolder.AccountAsync(CancellationToken.None);
        await File.WriteAllTextAsync(_folder["exim.conf"], Configuration(group));
        await _folder.HandOverAsync(CancellationToken.None);
        _daemon = await Daemon.StartAsync(["/usr/sbin/exim4", "-C", _folder["exim.conf"], "-bdf"], Port, Log, CancellationToken.None);
    }

    public string Log() => string.Concat(Directory.EnumerateFiles(_folder["log"]).Select(File.ReadAllText));

    private string Configuration(string group) => $$"""
        primary_hostname = localhost
        exim_path = /usr/sbin/exim4
        spool_directory = {{_folder["spool"]}}
        log_file_path = {{_folder["log"]}}/%slog
        pid_file_path = {{_folder["exim.pid"]}}
        exim_user = {{ServerFolder.User}}
        exim_group = {{group}}
        never_users =
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = {{Port}}
        tls_advertise_hosts = *
        tls_certificate = {{dovecot.CertificatePath}}
        tls_privatekey = {{dovecot.KeyPath}}
        auth_advertise_hosts = ${if def:tls_in_cipher {*} }
        acl_smtp_rcpt = acl_rcpt
        acl_smtp_data = accept_all
        message_size_limit = 50M
        queue_only = false
        deliver_drop_privilege = true
        keep_environment =
        begin acl
        acl_rcpt:
          accept authenticated = *
          deny message = authentication required
        accept_all:
          accept
        begin routers
        all:
          driver = manualroute
          route_list = * 127.0.0.1
          self = send
          transport = lmtp_tcp
        begin transports
        lmtp_tcp:
          driver = smtp
          protocol = lmtp
          port = {{dovecot.LmtpPort}}
          hosts_try_fastopen =
          allow_localhost
        begin retry
        * * F,1m,5s
        begin authenticators
        {{string.Concat((TakesTokens ? (string[])["XOAUTH2", "OAUTHBEARER"] : ["PLAIN", "LOGIN"]).Select(Authenticator))}}

        """;

    private string Authenticator(string mechanism) => $"""

        {mechanism.ToLowerInvariant()}:
          driver = dovecot
          public_name = {mechanism}
          server_socket = {dovecot.AuthSocket}
          server_set_id = $auth1
        """;

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        await _folder.DisposeAsync();
    }
}
