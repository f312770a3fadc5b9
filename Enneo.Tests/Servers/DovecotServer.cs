using System.Diagnostics;
using System.Globalization;
using MailKit.Net.Imap;
using MailKit.Security;

namespace Enneo.Tests.Servers;

/// <summary>
/// A real Dovecot 2.3 of its own, rootless, on loopback. Use it as a class fixture or by hand:
/// <c>await using var dovecot = new DovecotServer { … }; await dovecot.InitializeAsync();</c>.
/// A notice of new mail reaches IDLE about 500 ms after delivery: wait at least two seconds for it.
/// </summary>
public sealed class DovecotServer : IAsyncLifetime
{
    public const string Host = "localhost";

    /// <summary>Of every user, and every address is a user: a list of them would be read once a second only.</summary>
    public const string Password = "correct-horse-battery";

    private readonly ServerFolder _folder = new("dovecot");
    private readonly TestCertificate _certificate = new();
    private int _users;
    private Daemon? _daemon;

    public int ImapPort { get; } = FreePort.Next();
    public int ImapsPort { get; } = FreePort.Next();
    public int LmtpPort { get; } = FreePort.Next();

    /// <summary>SMTP with STARTTLS and AUTH; hands on to <see cref="RelayPort"/>.</summary>
    public int SubmissionPort { get; } = FreePort.Next();

    /// <summary>Where submission hands mail on to: a plain SMTP server such as <see cref="SmtpSink"/>.</summary>
    public int RelayPort { get; init; } = FreePort.Next();

    /// <summary>Appended to the settings, e.g. <see cref="WithoutCondstore"/>.</summary>
    public string ExtraConfiguration { get; init; } = "";

    /// <summary>With which tests look into a user's mailbox where no password is taken; null for <see cref="Password"/>.</summary>
    public Func<string, string>? TokenOf { get; set; }

    /// <summary>What Exchange Online offers: no CONDSTORE, QRESYNC, LIST-STATUS, SPECIAL-USE.</summary>
    public const string WithoutCondstore = """
        protocol imap {
          imap_capability = IMAP4rev1 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+
        }
        """;

    /// <summary>It counts changes, but does not tell what has gone.</summary>
    public const string WithoutQuickResync = """
        protocol imap {
          imap_capability = IMAP4rev1 SASL-IR UIDPLUS MOVE ID ENABLE UNSELECT CHILDREN IDLE NAMESPACE LITERAL+ CONDSTORE LIST-EXTENDED LIST-STATUS SPECIAL-USE
        }
        """;

    /// <summary>What clients say is kept for <see cref="WireLog"/>.</summary>
    public const string WithWireLog = """
        protocol imap {
          rawlog_dir = %h/wire
        }
        """;

    /// <summary>Neither MOVE nor UIDPLUS: what is moved is copied and expunged, and nobody says under which UID it lies now.</summary>
    public const string WithoutMove = """
        protocol imap {
          imap_capability = IMAP4rev1 SASL-IR ID ENABLE UNSELECT CHILDREN IDLE NAMESPACE LITERAL+ CONDSTORE LIST-EXTENDED LIST-STATUS
        }
        """;

    /// <summary>No IDLE either: only polling finds new mail.</summary>
    public const string WithoutIdle = """
        protocol imap {
          imap_capability = IMAP4rev1 SASL-IR UIDPLUS UNSELECT CHILDREN NAMESPACE LITERAL+
        }
        """;

    /// <summary>SHA-256 of the certificate in hex.</summary>
    public string CertificateFingerprint => _certificate.Fingerprint;

    internal TestCertificate Certificate => _certificate;

    public string AuthSocket => _folder["run/auth-client"];

    public string CertificatePath => _folder["tls/cert.pem"];

    public string KeyPath => _folder["tls/key.pem"];

    public string Log => File.Exists(_folder["dovecot.log"]) ? File.ReadAllText(_folder["dovecot.log"]) : "";

    /// <summary>The master; its children are imap, imap-login and so on.</summary>
    public int ProcessId => Running.ProcessId;

    private Daemon Running => _daemon ?? throw new InvalidOperationException("Dovecot is not running.");

    public async ValueTask InitializeAsync()
    {
        foreach (var name in new[] { "run", "state", "mail", "tls" })
        {
            _folder.Subfolder(name);
        }

        _certificate.Write(CertificatePath, KeyPath);
        var account = await ServerFolder.AccountAsync(CancellationToken.None);
        await File.WriteAllTextAsync(_folder["dovecot.conf"], DovecotConfiguration.Write(this, _folder.Path, account));
        await _folder.HandOverAsync(CancellationToken.None);
        await StartAsync(CancellationToken.None);
    }

    public async Task StartAsync(CancellationToken cancellationToken) =>
        _daemon = await Daemon.StartAsync(["/usr/sbin/dovecot", "-F", "-c", _folder["dovecot.conf"]], ImapsPort, () => Log, cancellationToken);

    public async Task StopAsync()
    {
        if (_daemon is { } daemon)
        {
            _daemon = null;
            await daemon.DisposeAsync();
        }
    }

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        await StartAsync(cancellationToken);
    }

    /// <summary>A user of whom nobody has heard yet.</summary>
    public string NewUser() => string.Create(CultureInfo.InvariantCulture, $"user{Interlocked.Increment(ref _users):D3}@example.test");

    /// <summary>That user's INBOX and special folders come with the first sign-in or delivery.</summary>
    /// <returns>The address, in lower case as Dovecot knows it.</returns>
    public string AddUser(string address) => address.ToLowerInvariant();

    /// <summary>Signed in over TLS, trusting this server's certificate alone.</summary>
    public async Task<ImapClient> OpenAsync(string user, CancellationToken cancellationToken)
    {
        var client = new ImapClient
        {
            CheckCertificateRevocation = false,
            ServerCertificateValidationCallback = (_, certificate, _, _) => _certificate.Is(certificate),
        };
        await client.ConnectAsync(Host, ImapsPort, SecureSocketOptions.SslOnConnect, cancellationToken);
        await (TokenOf is { } tokenOf
            ? client.AuthenticateAsync(new SaslMechanismOAuth2(user, tokenOf(user)), cancellationToken)
            : client.AuthenticateAsync(user, Password, cancellationToken));
        return client;
    }

    /// <summary>Where the folder's mail lies; nested names with a slash.</summary>
    public string Maildir(string user, string folder = "INBOX") =>
        folder == "INBOX" ? _folder[$"mail/{user}/Maildir"] : _folder[$"mail/{user}/Maildir/.{folder.Replace('/', '.')}"];

    /// <summary>Copies the mail of a Maildir (cur/) into a folder, by hard links where that can be: for many at once.</summary>
    public async Task FillMaildirAsync(string user, string source, CancellationToken cancellationToken, string folder = "INBOX")
    {
        AddUser(user);
        var target = Maildir(user, folder);
        foreach (var name in new[] { "cur", "new", "tmp" })
        {
            Directory.CreateDirectory(Path.Combine(target, name));
        }

        await ServerFolder.RunAsync("/bin/sh", ["-c", "cp -al \"$1/cur/.\" \"$2/cur/\" 2>/dev/null || cp -a \"$1/cur/.\" \"$2/cur/\"", "sh", source, target], cancellationToken);
        await _folder.HandOverAsync(cancellationToken, _folder[$"mail/{user}"]);
    }

    /// <summary>What an administrator does on the server, such as <c>mailbox rename -u user A B</c>.</summary>
    public async Task<string> DoveadmAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string[] command = [.. await ServerFolder.PrefixAsync(cancellationToken), "/usr/bin/doveadm", "-c", _folder["dovecot.conf"], .. arguments];
        return await ServerFolder.RunAsync(command is ["setpriv", ..] ? "/usr/bin/setpriv" : command[0], command[1..], cancellationToken);
    }

    public Task SetUidValidityAsync(string user, string folder, uint validity, CancellationToken cancellationToken) =>
        DoveadmAsync(["mailbox", "update", "--uid-validity", validity.ToString(CultureInfo.InvariantCulture), "-u", user, folder], cancellationToken);

    /// <summary>Without it nothing is kept, and <see cref="WithWireLog"/> does nothing.</summary>
    public async Task PrepareWireLogAsync(string user, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder[$"mail/{user}/wire"]);
        await _folder.HandOverAsync(cancellationToken, _folder[$"mail/{user}"]);
    }

    /// <summary>What clients of a user said, line by line.</summary>
    public IEnumerable<string> WireLog(string user) => Directory.EnumerateFiles(_folder[$"mail/{user}/wire"], "*.in").SelectMany(ReadShared);

    private static List<string> ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using StreamReader reader = new(file);
        List<string> lines = [];
        while (reader.ReadLine() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>kill -9 for every process that serves a session (imap, imap-login); new ones start at the next connection.</summary>
    public async Task KillSessionsAsync(CancellationToken cancellationToken)
    {
        var children = await ServerFolder.RunAsync("/usr/bin/ps", ["--ppid", ProcessId.ToString(CultureInfo.InvariantCulture), "-o", "pid=,comm="], cancellationToken);
        var sessions = children.Split('\n', StringSplitOptions.TrimEntries).Select(line => line.Split(' '))
            .Where(child => child is [_, "imap" or "imap-login"]).Select(child => int.Parse(child[0], CultureInfo.InvariantCulture));
        foreach (var session in sessions)
        {
            try
            {
                using var process = Process.GetProcessById(session);
                process.Kill();
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended by itself meanwhile.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _folder.DisposeAsync();
        _certificate.Dispose();
    }
}
