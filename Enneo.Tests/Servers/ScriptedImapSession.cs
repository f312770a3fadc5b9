using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.RegularExpressions;

namespace Enneo.Tests.Servers;

/// <summary>One conversation with a <see cref="ScriptedImapServer"/> (RFC 3501).</summary>
public sealed partial class ScriptedImapSession : IDisposable
{
    private readonly ScriptedImapServer _server;
    private readonly TcpClient _client;
    private readonly CancellationToken _cancellationToken;
    private readonly SemaphoreSlim _writing = new(1);
    private Stream _stream;
    private CrlfReader _reader;
    private bool _idling;
    private int _told;

    internal ScriptedImapSession(ScriptedImapServer server, TcpClient client, CancellationToken cancellationToken)
    {
        _server = server;
        _client = client;
        _cancellationToken = cancellationToken;
        _stream = client.GetStream();
        _reader = new CrlfReader(_stream);
    }

    public ScriptedFolder? Selected { get; internal set; }

    public bool Over { get; private set; }

    internal bool Encrypted => _stream is SslStream;

    internal async Task RunAsync()
    {
        try
        {
            await TalkAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side is gone, did not like the certificate, or the test is over.
        }
        finally
        {
            _client.Close();
        }
    }

    /// <summary>Hangs up at the latest.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _writing.Dispose();
    }

    /// <summary>Ends the connection without a word.</summary>
    public void HangUp()
    {
        Over = true;
        _client.Close();
    }

    /// <summary>One line; the CRLF is added.</summary>
    public Task WriteAsync(string line) => WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync(_cancellationToken);
        try
        {
            await _stream.WriteAsync(bytes, _cancellationToken);
            await _stream.FlushAsync(_cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    internal async Task NoticeAsync(ScriptedFolder folder)
    {
        if (_idling && Selected == folder)
        {
            try
            {
                await TellAsync();
            }
            catch (IOException)
            {
                // Its own loop sees that the other side is gone.
            }
        }
    }

    /// <summary>Says how many mails there are, when that has changed.</summary>
    internal async Task TellAsync()
    {
        if (Selected is { } folder && Interlocked.Exchange(ref _told, folder.Mails.Count) != folder.Mails.Count)
        {
            await WriteAsync($"* {folder.Mails.Count} EXISTS");
        }
    }

    private async Task TalkAsync()
    {
        if (_server.ImplicitTls)
        {
            await EncryptAsync();
        }

        await WriteAsync(_server.Greeting);
        Over |= _server.Greeting.StartsWith("* BYE", StringComparison.Ordinal);
        while (!Over && await ReadCommandAsync() is { } command)
        {
            _server.Note(command);
            if (_server.Override is { } replace && await replace(command, this))
            {
                continue;
            }

            await ObeyAsync(command);
        }
    }

    private Task ObeyAsync(ImapCommand command) => command.Name switch
    {
        "STARTTLS" when _server.OfferStartTls && !Encrypted => StartTlsAsync(command),
        "AUTHENTICATE" => AuthenticateAsync(command),
        "IDLE" => IdleAsync(command),
        "LOGOUT" => LogoutAsync(command),
        _ => ScriptedImapAnswers.ObeyAsync(_server, this, command),
    };

    private async Task StartTlsAsync(ImapCommand command)
    {
        await WriteAsync($"{command.Tag} OK begin");
        await EncryptAsync();
    }

    private async Task EncryptAsync()
    {
        var tls = new SslStream(_stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _server.Certificate.Certificate }, _cancellationToken);
        _stream = tls;
        _reader = new CrlfReader(tls);
    }

    private async Task AuthenticateAsync(ImapCommand command)
    {
        var words = command.Arguments.Split(' ');
        if (!string.Equals(words[0], "PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            await WriteAsync($"{command.Tag} NO PLAIN only");
            return;
        }

        if (words.Length == 1)
        {
            await WriteAsync("+ ");
        }

        var answer = words.Length > 1 ? words[1] : await _reader.ReadLineAsync(_cancellationToken) ?? "";
        var password = Encoding.UTF8.GetString(Convert.FromBase64String(answer)).Split('\0')[^1];
        await WriteAsync(_server.Password is null || _server.Password == password
            ? $"{command.Tag} OK signed in"
            : $"{command.Tag} NO [AUTHENTICATIONFAILED] wrong");
    }

    private async Task IdleAsync(ImapCommand command)
    {
        await WriteAsync("+ idling");
        _idling = true;
        await TellAsync();
        while (await _reader.ReadLineAsync(_cancellationToken) is { } line && !line.Equals("DONE", StringComparison.OrdinalIgnoreCase))
        {
        }

        _idling = false;
        await WriteAsync($"{command.Tag} OK done");
    }

    private async Task LogoutAsync(ImapCommand command)
    {
        await WriteAsync("* BYE");
        await WriteAsync($"{command.Tag} OK bye");
        Over = true;
    }

    private async Task<ImapCommand?> ReadCommandAsync()
    {
        var text = new StringBuilder();
        byte[]? literal = null;
        while (true)
        {
            if (await _reader.ReadLineAsync(_cancellationToken) is not { } line)
            {
                return null;
            }

            if (LiteralAtEnd.Match(line) is not { Success: true } match)
            {
                text.Append(line);
                break;
            }

            text.Append(line.AsSpan(0, match.Index));
            if (match.Groups["plus"].Length == 0)
            {
                await WriteAsync("+ go on");
            }

            literal = await _reader.ReadExactlyAsync(int.Parse(match.Groups["size"].Value, CultureInfo.InvariantCulture), _cancellationToken);
            if (literal is null)
            {
                return null;
            }
        }

        var words = text.ToString().Split(' ', 3);
        var name = words.ElementAtOrDefault(1)?.ToUpperInvariant() ?? "";
        var arguments = words.ElementAtOrDefault(2) ?? "";
        if (name == "UID")
        {
            var space = arguments.IndexOf(' ', StringComparison.Ordinal);
            name = $"UID {arguments[..space].ToUpperInvariant()}";
            arguments = arguments[(space + 1)..];
        }

        return new ImapCommand(words[0], name, arguments, literal);
    }

    [GeneratedRegex(@"\{(?<size>\d+)(?<plus>\+?)\}$")]
    private static partial Regex LiteralAtEnd { get; }
}
