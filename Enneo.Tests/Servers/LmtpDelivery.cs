using System.Net.Sockets;
using System.Text;

namespace Enneo.Tests.Servers;

/// <summary>Hands one mail to a server by LMTP (RFC 2033), untouched but for dots.</summary>
internal static class LmtpDelivery
{
    /// <exception cref="InvalidOperationException">It was refused, in the server's words.</exception>
    public static async Task DeliverAsync(int port, string sender, IReadOnlyList<string> recipients, byte[] source, CancellationToken cancellationToken)
    {
        using var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", port, cancellationToken);
        var stream = tcp.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        await ExpectAsync(reader, cancellationToken);
        await CommandAsync($"LHLO localhost");
        await CommandAsync($"MAIL FROM:<{sender}>");
        foreach (var recipient in recipients)
        {
            await CommandAsync($"RCPT TO:<{recipient}>");
        }

        await CommandAsync("DATA");
        await stream.WriteAsync(Stuffed(source), cancellationToken);
        foreach (var _ in recipients)
        {
            await ExpectAsync(reader, cancellationToken);
        }

        async Task CommandAsync(string line)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellationToken);
            await ExpectAsync(reader, cancellationToken);
        }
    }

    private static async Task ExpectAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        string? line;
        do
        {
            line = await reader.ReadLineAsync(cancellationToken);
        }
        while (line is { Length: > 3 } && line[3] == '-');

        if (line is not [('2' or '3'), ..])
        {
            throw new InvalidOperationException($"LMTP: {line ?? "hung up"}");
        }
    }

    private static byte[] Stuffed(byte[] source)
    {
        var text = Encoding.Latin1.GetString(source).ReplaceLineEndings("\r\n");
        text = (text.StartsWith('.') ? "." : "") + text.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text + (text.EndsWith("\r\n", StringComparison.Ordinal) ? ".\r\n" : "\r\n.\r\n"));
    }
}
