using System.Buffers;
using System.Text;

namespace Enneo.Tests.Servers;

/// <summary>Lines that end in CRLF and in nothing else, as bytes; a bare CR or LF is part of the line.</summary>
internal sealed class CrlfReader(Stream stream)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <returns>The line without its CRLF, or <see langword="null"/> when the other side hung up.</returns>
    public async Task<byte[]?> ReadBytesAsync(CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>(256);
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await stream.ReadAsync(_buffer, cancellationToken));
                if (_end == 0)
                {
                    return null;
                }
            }

            var rest = _buffer.AsSpan(_start, _end - _start);
            var feed = rest.IndexOf((byte)'\n');
            line.Write(feed < 0 ? rest : rest[..(feed + 1)]);
            _start += feed < 0 ? rest.Length : feed + 1;
            if (feed >= 0 && line.WrittenSpan.EndsWith("\r\n"u8))
            {
                return line.WrittenSpan[..^2].ToArray();
            }
        }
    }

    public async Task<string?> ReadLineAsync(CancellationToken cancellationToken) =>
        await ReadBytesAsync(cancellationToken) is { } line ? Encoding.UTF8.GetString(line) : null;

    /// <summary>Exactly as many bytes, such as an IMAP literal.</summary>
    public async Task<byte[]?> ReadExactlyAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        var buffered = Math.Min(count, _end - _start);
        _buffer.AsSpan(_start, buffered).CopyTo(bytes);
        _start += buffered;
        var read = await stream.ReadAtLeastAsync(bytes.AsMemory(buffered), count - buffered, throwOnEndOfStream: false, cancellationToken);
        return buffered + read == count ? bytes : null;
    }
}
