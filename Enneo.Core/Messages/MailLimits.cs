using System.Text;
using Enneo.Core.Storage;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>
/// Looks at raw mail before the parser does. MimeKit's time grows with the square of a header field's
/// size, and nothing that people send has one of this size.
/// </summary>
internal static class MailLimits
{
    public const int MaxHeaderBytes = 256 * 1024;
    public const int MaxMimeDepth = 64;
    public const int MaxParts = 2000;

    /// <summary>Line ends are looked for so far.</summary>
    private const int FirstLine = 16 * 1024;

    private const int ScanBuffer = 64 * 1024;

    /// <summary>What all fields of a mail may cost together: as much as one folded field of 512 KB, about a second.</summary>
    private const double MaxFieldCost = 512d * 1024 * 512 * 1024;

    public static ParserOptions ParserOptions { get; } = CreateOptions();

    /// <returns>Why the mail is not given to the parser, or null.</returns>
    public static string? Refusal(MailBytes raw)
    {
        var head = raw.Head(MaxHeaderBytes).Span;
        if (head.IndexOfAnyExcept(" \t\r\n\0"u8) < 0)
        {
            return MessageText.Empty;
        }

        if (raw.Length <= MaxHeaderBytes)
        {
            return null;
        }

        var ends = head.IndexOf("\n\n"u8) >= 0 || head.IndexOf("\n\r\n"u8) >= 0 || head.IndexOf("\r\r"u8) >= 0;
        return ends && !HasCostlyFields(raw) ? null : MessageText.HeaderTooLarge;
    }

    /// <summary>Loads without copying the content: the parts read from <paramref name="raw"/>, which must live as long.</summary>
    /// <exception cref="FormatException">It is not a mail as the parser knows it.</exception>
    public static MimeMessage Load(MailBytes raw)
    {
        if (raw.IsInMemory)
        {
            return MimeMessage.Load(ParserOptions, new MailBytes(Prepare(raw.Memory)).Open(), persistent: true);
        }

        var head = raw.Head(MaxHeaderBytes).Span;
        var start = Beginning(head);
        if (EndsLinesWithCrAlone(head[start..]))
        {
            throw new FormatException("So large a mail is not rewritten for the sake of its line ends.");
        }

        var stream = raw.Open();
        stream.Position = start;
        return MimeMessage.Load(ParserOptions, stream, persistent: true);
    }

    /// <summary>What MimeKit throws at mail that breaks the format.</summary>
    public static bool IsFault(Exception exception) => exception
        is FormatException or ParseException or ArgumentException or InvalidOperationException or IOException or NotSupportedException;

    /// <summary>Leaves out what is no part of the mail; CR alone becomes a line end.</summary>
    public static ReadOnlyMemory<byte> Prepare(ReadOnlyMemory<byte> raw)
    {
        raw = raw[Beginning(raw.Span)..];
        return EndsLinesWithCrAlone(raw.Span) ? WithLineFeeds(raw.Span) : raw;
    }

    /// <summary>Where the mail begins: after a byte order mark, empty lines, an mbox separator.</summary>
    private static int Beginning(ReadOnlySpan<byte> raw)
    {
        var start = raw.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        start += Math.Max(0, raw[start..].IndexOfAnyExcept("\r\n"u8));
        return raw[start..].StartsWith("From "u8) || raw[start..].StartsWith(">From "u8)
            ? start + raw[start..].IndexOf((byte)'\n') + 1
            : start;
    }

    private static ParserOptions CreateOptions()
    {
        MailCharset.Register();
        return new()
        {
            MaxMimeDepth = MaxMimeDepth,
            MaxAddressGroupDepth = 3,
            CharsetEncoding = MailCharset.Windows1252, // for raw 8-bit headers that are not UTF-8
        };
    }

    private static bool HasCostlyFields(MailBytes raw)
    {
        FieldCosts costs = new();
        using var stream = raw.Open();
        var buffer = new byte[ScanBuffer];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            costs.Add(buffer.AsSpan(0, read));
        }

        return costs.Total > MaxFieldCost;
    }

    private static bool EndsLinesWithCrAlone(ReadOnlySpan<byte> raw)
    {
        var cr = raw[..Math.Min(raw.Length, FirstLine)].IndexOfAny((byte)'\r', (byte)'\n');
        return cr >= 0 && raw[cr] == '\r' && (cr + 1 == raw.Length || raw[cr + 1] != '\n');
    }

    private static byte[] WithLineFeeds(ReadOnlySpan<byte> raw)
    {
        var lines = raw.ToArray();
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] == '\r' && (i + 1 == lines.Length || lines[i + 1] != '\n'))
            {
                lines[i] = (byte)'\n';
            }
        }

        return lines;
    }
}
