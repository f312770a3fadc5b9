using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Connections;

/// <summary>Says what a test tells it to, line by line, and keeps every byte that the client sent in clear.</summary>
internal sealed class RecordingServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly MemoryStream _inClear = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string _greeting;
    private readonly Func<string, bool, string?> _answer;
    private readonly Task _talking;

    /// <param name="answer">From the line, and whether it came by TLS, to what is said (CRLF included); null hangs up.</param>
    public RecordingServer(string greeting, Func<string, bool, string?> answer)
    {
        (_greeting, _answer) = (greeting, answer);
        _listener.Start();
        _talking = TalkAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public TestCertificate Certificate { get; } = new();

    /// <summary>Whatever came unencrypted, as Latin-1.</summary>
    public string InClear
    {
        get
        {
            lock (_inClear)
            {
                return Encoding.Latin1.GetString(_inClear.ToArray());
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _talking;
        _listener.Dispose();
        _stop.Dispose();
        Certificate.Dispose();
    }

    private async Task TalkAsync()
    {
        try
        {
            using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            Stream stream = client.GetStream();
            await SayAsync(stream, _greeting);
            while (await ReadLineAsync(stream) is { } line && _answer(line, stream is SslStream) is { } answer)
            {
                await SayAsync(stream, answer);
                if (line.EndsWith("STARTTLS", StringComparison.OrdinalIgnoreCase) && (answer.Contains("OK", StringComparison.Ordinal) || answer.StartsWith("220", StringComparison.Ordinal)))
                {
                    SslStream tls = new(stream);
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate.Certificate }, _stop.Token);
                    stream = tls;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or OperationCanceledException)
        {
            // The client is gone, or the test is over.
        }
    }

    private async Task SayAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), _stop.Token);
        await stream.FlushAsync(_stop.Token);
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        StringBuilder line = new();
        var one = new byte[1];
        while (await stream.ReadAsync(one, _stop.Token) == 1)
        {
            if (stream is not SslStream)
            {
                lock (_inClear)
                {
                    _inClear.Write(one);
                }
            }

            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
