using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using MailKit;

namespace Enneo.Tests.Servers;

/// <summary>As much IMAP as it takes to APPEND bytes untouched; MailKit would write the message anew.</summary>
internal sealed class ImapWire : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private SslStream? _tls;
    private StreamReader? _reader;
    private int _tag;

    private SslStream Tls => _tls ?? throw new InvalidOperationException("Not connected.");

    public static async Task<ImapWire> OpenAsync(DovecotServer dovecot, CancellationToken cancellationToken)
    {
        var wire = new ImapWire();
        await wire._tcp.ConnectAsync("127.0.0.1", dovecot.ImapsPort, cancellationToken);
        wire._tls = new SslStream(wire._tcp.GetStream(), false, (_, certificate, _, _) => dovecot.Certificate.Is(certificate));
        await wire._tls.AuthenticateAsClientAsync("localhost");
        wire._reader = new StreamReader(wire._tls, Encoding.Latin1);
        await wire.ReadLineAsync(cancellationToken);
        return wire;
    }

    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <returns>The text after OK.</returns>
    public async Task<string> SendAsync(string command, CancellationToken cancellationToken)
    {
        await WriteAsync($"A{++_tag} {command}\r\n", cancellationToken);
        return await AnswerAsync(cancellationToken);
    }

    /// <summary>Makes the folder when it is missing.</summary>
    public async Task<uint> AppendAsync(string folder, byte[] source, MessageFlags flags, DateTimeOffset? internalDate, CancellationToken cancellationToken)
    {
        var name = Quote(folder);
        await WriteAsync($"A{++_tag} STATUS {name} (UIDNEXT)\r\n", cancellationToken);
        if (!(await FinishAsync(cancellationToken)).StartsWith("OK", StringComparison.Ordinal))
        {
            await SendAsync($"CREATE {name}", cancellationToken);
        }

        await WriteAsync($"A{++_tag} APPEND {name} ({Flags(flags)}){Date(internalDate)} {{{source.Length}+}}\r\n", cancellationToken);
        await Tls.WriteAsync(source, cancellationToken);
        await WriteAsync("\r\n", cancellationToken);
        var answer = await AnswerAsync(cancellationToken);
        // OK [APPENDUID <validity> <uid>] …, RFC 4315
        return uint.Parse(answer.Split("APPENDUID ")[1].Split(' ', ']')[1], CultureInfo.InvariantCulture);
    }

    private static string Date(DateTimeOffset? date) => date is not { } given
        ? ""
        : $" \"{given.ToString("dd-MMM-yyyy HH:mm:ss ", CultureInfo.InvariantCulture)}{given.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "", StringComparison.Ordinal)}\"";

    private static string Flags(MessageFlags flags) => string.Join(' ', Enum.GetValues<MessageFlags>()
        .Where(flag => flag is MessageFlags.Seen or MessageFlags.Answered or MessageFlags.Flagged or MessageFlags.Deleted or MessageFlags.Draft)
        .Where(flag => flags.HasFlag(flag))
        .Select(flag => $"\\{flag}"));

    private async Task<string> AnswerAsync(CancellationToken cancellationToken)
    {
        var answer = await FinishAsync(cancellationToken);
        return answer.StartsWith("OK", StringComparison.Ordinal) ? answer : throw new InvalidOperationException($"Dovecot: {answer}");
    }

    private async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var line = await ReadLineAsync(cancellationToken);
            if (line.StartsWith($"A{_tag} ", StringComparison.Ordinal))
            {
                return line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
            }
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken) =>
        await _reader!.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("Dovecot hung up.");

    private async Task WriteAsync(string text, CancellationToken cancellationToken)
    {
        await Tls.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
        await Tls.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }

        _tcp.Dispose();
    }
}
