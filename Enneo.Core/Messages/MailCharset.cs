using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MimeKit;

namespace Enneo.Core.Messages;

/// <summary>Decodes text parts by the charset they name, or, when that is missing or wrong, by the one that fits.</summary>
internal static partial class MailCharset
{
    private const int SniffedBytes = 1024;

    public static Encoding Windows1252 { get; } = Find1252();

    /// <summary>UTF-8 whose invalid bytes are read as Windows-1252, as in mail that several programs wrote to.</summary>
    public static Encoding Utf8OrWindows1252 { get; } =
        Encoding.GetEncoding("utf-8", EncoderFallback.ReplacementFallback, new Windows1252Fallback(Windows1252));

    /// <summary>
    /// Makes every charset known. MimeKit looks once, when it is first used, and takes what it does not
    /// find then for Latin-1 ever after: so this comes before it.
    /// </summary>
    public static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The part's text with format=flowed undone, from at most <paramref name="maxBytes"/> of it.</summary>
    public static string Read(TextPart part, int maxBytes) => Read(part, maxBytes, out _);

    /// <param name="isCut">Whether there is more.</param>
    public static string Read(TextPart part, int maxBytes, out bool isCut)
    {
        isCut = false;
        if (part.Content is null)
        {
            return "";
        }

        // Encoded it is never shorter: one buffer, mostly a lent one, for what every mail of a first sync needs.
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(maxBytes, part.Content.Stream?.Length ?? 0) + 1);
        try
        {
            using var content = part.Content.Open();
            var room = Math.Min(buffer.Length, maxBytes + 1);
            var length = 0;
            int read;
            while ((read = content.Read(buffer, length, room - length)) > 0)
            {
                length += read;
            }

            isCut = length > maxBytes;
            var text = Decode(buffer.AsSpan(0, Math.Min(length, maxBytes)), part.ContentType.Charset, part.IsHtml, isCut);
            return part.IsFlowed && part.IsPlain ? Unflow(part, text) : text;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static string Decode(ReadOnlySpan<byte> bytes, string? charset, bool isHtml, bool isCut)
    {
        var encoding = Named(charset) ?? (isHtml && string.IsNullOrWhiteSpace(charset) ? Named(SniffCharset(bytes)) : null);
        if (encoding is UnicodeEncoding && !bytes.Contains((byte)0))
        {
            encoding = null; // mail that names UTF-16 and is not
        }

        if (encoding is not null)
        {
            var text = encoding.GetString(bytes);
            if (!text.Contains('\uFFFD', StringComparison.Ordinal) || isCut || !System.Text.Unicode.Utf8.IsValid(bytes))
            {
                return WithoutMark(text);
            }
        }

        return WithoutMark(Utf8OrWindows1252.GetString(isCut ? WholeCharacters(bytes) : bytes));
    }

    /// <returns>Null for what is missing, unknown, UTF-8 or ASCII: those are decoded by what fits.</returns>
    private static Encoding? Named(string? charset)
    {
        var name = charset?.Trim('"', '\'', ' ').ToLowerInvariant() ?? "";
        if (name is "" or "utf-8" or "utf8" or "us-ascii" or "ascii")
        {
            return null;
        }

        try
        {
            var encoding = Encoding.GetEncoding(Alias(name));
            return encoding.CodePage switch
            {
                20127 or 65001 => null,
                28591 => Windows1252, // as browsers read it
                28599 => Encoding.GetEncoding(1254),
                _ => encoding,
            };
        }
        catch (Exception exception) when (exception is NotSupportedException or ArgumentException)
        {
            return null;
        }
    }

    private static string Alias(string name)
    {
        if (Iso8859.Match(name) is { Success: true } iso)
        {
            return "iso-8859-" + iso.Groups[1].Value;
        }

        return CodePage.Match(name) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var page)
            ? CodePageName(page) ?? name
            : name;
    }

    private static string? CodePageName(int page) =>
        CodePagesEncodingProvider.Instance.GetEncoding(page)?.WebName;

    private static string? SniffCharset(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, SniffedBytes)]);
        return MetaCharset.Match(head) is { Success: true } match ? match.Groups[1].Value : null;
    }

    /// <summary>Without the beginning of a character that was cut in two.</summary>
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> utf8)
    {
        for (var back = 1; back <= Math.Min(3, utf8.Length); back++)
        {
            if ((utf8[^back] & 0b1100_0000) != 0b1000_0000)
            {
                return utf8[^back] >= 0b1100_0000 ? utf8[..^back] : utf8;
            }
        }

        return utf8;
    }

    private static string WithoutMark(string text) => text.StartsWith('\uFEFF') ? text[1..] : text;

    /// <summary>RFC 3676.</summary>
    private static string Unflow(TextPart part, string text)
    {
        var deleteSpace = part.ContentType.Parameters.TryGetValue("delsp", out string? delsp) && delsp.Equals("yes", StringComparison.OrdinalIgnoreCase);
        return FlowedText.Unwrap(text, deleteSpace);
    }

    private static Encoding Find1252()
    {
        Register();
        return Encoding.GetEncoding(1252);
    }

    [GeneratedRegex("^iso[-_ ]?8859[-_ ]?([0-9]{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Iso8859 { get; }

    [GeneratedRegex("^(?:x-)?(?:cp|win|windows|ms|ibm)[-_]?([0-9]{3,5})$", RegexOptions.CultureInvariant)]
    private static partial Regex CodePage { get; }

    [GeneratedRegex("""<meta[^<>]{0,200}charset\s?=\s?["']?([A-Za-z0-9_-]{2,40})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex MetaCharset { get; }

    private sealed class Windows1252Fallback(Encoding windows1252) : DecoderFallback
    {
        public override int MaxCharCount => 4;

        public override DecoderFallbackBuffer CreateFallbackBuffer() => new Buffer(windows1252);

        private sealed class Buffer(Encoding windows1252) : DecoderFallbackBuffer
        {
            private string _characters = "";
            private int _next;

            public override int Remaining => _characters.Length - _next;

            public override bool Fallback(byte[] bytesUnknown, int index)
            {
                _characters = windows1252.GetString(bytesUnknown);
                _next = 0;
                return _characters.Length > 0;
            }

            public override char GetNextChar() => _next < _characters.Length ? _characters[_next++] : '\0';

            public override bool MovePrevious()
            {
                if (_next == 0)
                {
                    return false;
                }

                _next--;
                return true;
            }

            public override void Reset() => (_characters, _next) = ("", 0);
        }
    }
}
