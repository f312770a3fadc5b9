using System.Net;
using System.Net.Sockets;

namespace Enneo.Tests.Servers;

/// <summary>
/// An SMTP server on loopback that keeps every mail it accepts and misbehaves as told. Without further settings
/// it is plain, asks for no sign-in and takes everything.
/// </summary>
public sealed class SmtpSink : IAsyncLifetime
{
    private readonly TestCertificate _own = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<ReceivedMail> _received = [];
    private readonly List<Task> _sessions = [];
    private TaskCompletionSource _arrived = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _connections;

    public int Port { get; init; } = FreePort.Next();

    /// <summary>TLS from the first byte.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>May be switched off while it runs, as someone in the middle would strip it.</summary>
    public bool OfferStartTls { get; set; }

    /// <summary>When set, mail is taken only after AUTH PLAIN or LOGIN with this and <see cref="Password"/>.</summary>
    public string? User { get; init; }

    public string Password { get; set; } = DovecotServer.Password;

    /// <summary>Announced and kept, in bytes.</summary>
    public long? MaximumSize { get; init; }

    public bool OfferEightBitMime { get; init; } = true;

    public bool OfferInternationalAddresses { get; init; } = true;

    /// <summary>Hands accepted mail on by LMTP; every recipient becomes a user there.</summary>
    public DovecotServer? RelayTo { get; set; }

    /// <summary>What becomes of the Message-ID of accepted mail.</summary>
    public IdRewriting Ids { get; set; }

    public SmtpFaults Faults { get; } = new();

    /// <summary>SHA-256 of the certificate in hex.</summary>
    public string CertificateFingerprint => Certificate.Fingerprint;

    /// <summary>Passwords that were offered before TLS.</summary>
    public int PasswordsInClear { get; internal set; }

    public int Connections => _connections;

    /// <summary>Everything accepted, in order.</summary>
    public IReadOnlyList<ReceivedMail> Received
    {
        get
        {
            lock (_lock)
            {
                return [.. _received];
            }
        }
    }

    /// <summary>Its own, unless another server's is given.</summary>
    internal TestCertificate Certificate { get => field ?? _own; init; }

    /// <summary>Ways to sign in that are offered; with XOAUTH2 any token does.</summary>
    public string Mechanisms { get; init; } = "PLAIN LOGIN";

    /// <summary>The answer to whoever signs in, in whatever way.</summary>
    public string? SignInRefusal { get; set; }

    public ValueTask InitializeAsync()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
        return ValueTask.CompletedTask;
    }

    /// <summary>The first accepted mail that fits, waited for.</summary>
    public async Task<ReceivedMail> WaitForAsync(Func<ReceivedMail, bool> fits, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        while (true)
        {
            Task next;
            lock (_lock)
            {
                if (_received.Find(mail => fits(mail)) is { } mail)
                {
                    return mail;
                }

                next = _arrived.Task;
            }

            await next.WaitAsync(timeout.Token);
        }
    }

    public Task<ReceivedMail> WaitForAsync(string subject, CancellationToken cancellationToken) =>
        WaitForAsync(mail => mail.Parse().Subject == subject, TimeSpan.FromSeconds(60), cancellationToken);

    internal async Task TakeAsync(ReceivedMail mail, CancellationToken cancellationToken)
    {
        if (RelayTo is { } dovecot)
        {
            foreach (var recipient in mail.Recipients)
            {
                dovecot.AddUser(recipient.ToLowerInvariant());
            }

            await LmtpDelivery.DeliverAsync(dovecot.LmtpPort, mail.Sender, mail.Recipients, mail.Source, cancellationToken);
        }

        lock (_lock)
        {
            _received.Add(mail);
            _arrived.SetResult();
            _arrived = new TaskCompletionSource();
        }
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                lock (_lock)
                {
                    _sessions.RemoveAll(session => session.IsCompleted);
                    _sessions.Add(SmtpSession.RunAsync(this, client, _stop.Token));
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
        await Task.WhenAll(_sessions);
        _stop.Dispose();
        _own.Dispose();
    }
}
