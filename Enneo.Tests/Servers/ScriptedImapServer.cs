using System.Net;
using System.Net.Sockets;
using MailKit;

namespace Enneo.Tests.Servers;

/// <summary>One command of a client. <paramref name="Name"/> is upper case, with UID before it where it stands.</summary>
public sealed record ImapCommand(string Tag, string Name, string Arguments, byte[]? Literal);

/// <summary>A mail of a <see cref="ScriptedFolder"/>.</summary>
public sealed class ScriptedMail(uint uid, byte[] source, DateTimeOffset internalDate)
{
    public uint Uid { get; } = uid;
    public byte[] Source { get; } = source;
    public DateTimeOffset InternalDate { get; } = internalDate;
    public MessageFlags Flags { get; set; }
}

/// <summary>A folder in memory.</summary>
/// <param name="attributes">As LIST shows them, e.g. <c>\Sent</c>.</param>
public sealed class ScriptedFolder(string name, string attributes = "")
{
    private readonly Lock _lock = new();
    private List<ScriptedMail> _mails = [];

    public string Name { get; } = name;
    public string Attributes { get; } = attributes;
    public uint UidValidity { get; set; } = 1;
    public uint UidNext { get; private set; } = 1;

    public IReadOnlyList<ScriptedMail> Mails => _mails;

    public ScriptedMail Add(byte[] source, DateTimeOffset internalDate, MessageFlags flags = MessageFlags.None)
    {
        lock (_lock)
        {
            var mail = new ScriptedMail(UidNext++, source, internalDate) { Flags = flags };
            _mails = [.. _mails, mail];
            return mail;
        }
    }

    /// <summary>Gone without a notice, as between a SEARCH and a FETCH.</summary>
    public void Remove(uint uid)
    {
        lock (_lock)
        {
            _mails = [.. _mails.Where(mail => mail.Uid != uid)];
        }
    }
}

/// <summary>
/// A small IMAP server on loopback whose every answer a test may replace. Any user and password are right
/// unless <see cref="Password"/> says otherwise. For what a real server does there is <see cref="DovecotServer"/>.
/// </summary>
public sealed class ScriptedImapServer : IAsyncLifetime
{
    private readonly TestCertificate _own = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<ScriptedImapSession> _sessions = [];
    private readonly List<Task> _conversations = [];
    private readonly List<DateTimeOffset> _connectedAt = [];
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    public int Port { get; } = FreePort.Next();

    /// <summary>TLS from the first byte.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>May be switched off while it runs, as someone in the middle would strip it.</summary>
    public bool OfferStartTls { get; set; }

    /// <summary>Said at connect; a BYE ends the connection.</summary>
    public string Greeting { get; set; } = "* OK ready";

    /// <summary>Without STARTTLS and AUTH, which come by themselves.</summary>
    public string Capabilities { get; set; } = "IMAP4rev1 UIDPLUS IDLE NAMESPACE SPECIAL-USE UNSELECT LITERAL+";

    public string? Password { get; set; }

    public List<ScriptedFolder> Folders { get; } = [new("INBOX"), new("Sent", "\\Sent")];

    public ScriptedFolder Inbox => Folders[0];

    /// <summary>Asked before each command; true means that it has been answered.</summary>
    public Func<ImapCommand, ScriptedImapSession, Task<bool>>? Override { get; set; }

    /// <summary>When set, the connection ends after so many bytes of the next mail's literal; then it is used up.</summary>
    public int? CutLiteralAfter { get; set; }

    /// <summary>Said to be the size of every mail (RFC822.SIZE), whatever it is.</summary>
    public long? ToldSize { get; set; }

    /// <summary>Commands of all sessions in order; a password in a LOGIN included.</summary>
    public IReadOnlyList<ImapCommand> Commands
    {
        get
        {
            lock (_lock)
            {
                return [.. _commands];
            }
        }
    }

    private readonly List<ImapCommand> _commands = [];

    /// <summary>When each connection came.</summary>
    public IReadOnlyList<DateTimeOffset> ConnectedAt
    {
        get
        {
            lock (_lock)
            {
                return [.. _connectedAt];
            }
        }
    }

    /// <summary>SHA-256 of the certificate in hex.</summary>
    public string CertificateFingerprint => Certificate.Fingerprint;

    internal TestCertificate Certificate { get => field ?? _own; init; }

    public ValueTask InitializeAsync()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
        return ValueTask.CompletedTask;
    }

    /// <summary>Puts a mail into INBOX and tells those who wait there.</summary>
    public async Task<ScriptedMail> ArriveAsync(byte[] source)
    {
        var mail = Inbox.Add(source, TimeProvider.System.GetUtcNow());
        ScriptedImapSession[] sessions;
        lock (_lock)
        {
            sessions = [.. _sessions];
        }

        foreach (var session in sessions)
        {
            await session.NoticeAsync(Inbox);
        }

        return mail;
    }

    internal void Note(ImapCommand command)
    {
        lock (_lock)
        {
            _commands.Add(command);
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                client.NoDelay = true; // several small writes make an answer: each would wait for the client's delayed ACK
                lock (_lock)
                {
                    var session = new ScriptedImapSession(this, client, _stop.Token);
                    _connectedAt.Add(TimeProvider.System.GetUtcNow());
                    _sessions.Add(session);
                    _conversations.Add(session.RunAsync());
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        await _accepting;
        await Task.WhenAll(_conversations);
        _sessions.ForEach(session => session.Dispose());
        _stop.Dispose();
        _own.Dispose();
    }
}
