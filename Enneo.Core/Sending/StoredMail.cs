using MimeKit;
using MimeKit.IO;

namespace Enneo.Core.Sending;

/// <summary>
/// Stored bytes in the form that MailKit's clients send and append. MailKit would write the message
/// anew, with an encoding of its choice; this writes the very bytes, so that what leaves, what is
/// filed and what is stored are one mail.
/// </summary>
internal sealed class StoredMail : IDisposable
{
    /// <summary>As MailKit's clients set it.</summary>
    private static readonly FormatOptions s_format = CreateFormat();

    private StoredMail(MimeMessage message)
    {
        Message = message;
    }

    public MimeMessage Message { get; }

    /// <param name="beforeContent">Runs after the server asked for the content and before the end of it can leave; what it throws ends the connection.</param>
    /// <param name="beforeEnd">Runs before the last bytes are written.</param>
    /// <returns>Null when the bytes are not such as <see cref="MailComposer"/> makes, and would be written otherwise.</returns>
    public static StoredMail? Load(ReadOnlyMemory<byte> source, Func<CancellationToken, Task>? beforeContent = null, Action? beforeEnd = null)
    {
        var end = source.Span.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var header = source[..(end + 4)];
        MimeMessage message = new();
        message.Headers.Clear();
        message.Body = new Content(source[(end + 4)..], beforeContent, beforeEnd);
        using (MemoryStream lines = new(header.ToArray(), writable: false))
        {
            message.Body.Headers.Clear();
            foreach (var line in HeaderList.Load(lines))
            {
                // MimeKit keeps those of the content apart and writes them last, as our composer did.
                var isOfContent = line.Field.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
                (isOfContent ? message.Body.Headers : message.Headers).Add(line);
            }
        }

        StoredMail mail = new(message);
        if (mail.WritesHeader(header.Span))
        {
            return mail;
        }

        mail.Dispose();
        return null;
    }

    public void Dispose() => Message.Dispose();

    private static FormatOptions CreateFormat()
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        return format;
    }

    private bool WritesHeader(ReadOnlySpan<byte> header)
    {
        using MemoryStream written = new(header.Length);
        Message.WriteTo(s_format, written, headersOnly: true);
        return written.GetBuffer().AsSpan(0, (int)written.Length).SequenceEqual(header);
    }

    /// <summary>Everything behind the header, as one entity that nobody encodes again.</summary>
    private sealed class Content(ReadOnlyMemory<byte> content, Func<CancellationToken, Task>? beforeContent, Action? beforeEnd)
        : MimeEntity(new ContentType("text", "plain"))
    {
        private const int ChunkSize = 65_536;

        public override void Prepare(EncodingConstraint constraint, int maxLineLength = 78)
        {
            // Composed for any server: 7-bit, short lines.
        }

        public override void WriteTo(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            if (stream is not MeasuringStream)
            {
                throw new NotSupportedException("A stored mail is written asynchronously.");
            }

            stream.Write(content.Span);
        }

        public override async Task WriteToAsync(FormatOptions options, Stream stream, bool contentOnly, CancellationToken cancellationToken = default)
        {
            if (stream is MeasuringStream)
            {
                await stream.WriteAsync(content, cancellationToken);
                return;
            }

            if (beforeContent is not null)
            {
                await beforeContent(cancellationToken);
            }

            for (var start = 0; start < content.Length; start += ChunkSize)
            {
                var chunk = content.Slice(start, Math.Min(ChunkSize, content.Length - start));
                if (start + chunk.Length == content.Length)
                {
                    beforeEnd?.Invoke();
                }

                await stream.WriteAsync(chunk, cancellationToken);
            }
        }
    }
}
