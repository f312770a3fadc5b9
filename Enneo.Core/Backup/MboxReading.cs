using System.Globalization;

namespace Enneo.Core.Backup;

/// <summary>A mail as a file held it.</summary>
/// <param name="Raw">As mail travels: lines end with CRLF.</param>
/// <param name="At">When the file says that it came; null when it does not.</param>
internal sealed record ArchivedMail(byte[] Raw, DateTimeOffset? At);

/// <summary>
/// Takes an mbox file apart (RFC 4155): a mail begins at a line "From " that follows an empty line, and lines of its own that look
/// so were given a "&gt;" (mboxrd). Not left to MimeKit, which keeps neither the very bytes nor takes the "&gt;" away again.
/// </summary>
internal sealed class MboxReading : IDisposable
{
    /// <summary>What is longer than this is no mail that anybody could send.</summary>
    public const int MaxMail = 256 << 20;

    private const byte Quote = (byte)'>';
    private static readonly string[] s_times = ["ddd MMM d HH:mm:ss yyyy", "ddd MMM dd HH:mm:ss yyyy", "ddd MMM d HH:mm:ss yyyy zzz"];

    private readonly BufferedStream _file;
    private readonly MemoryStream _line = new();
    private bool _isAtEnd;
    private string? _separator;

    public MboxReading(Stream file)
    {
        _file = new(file, 1 << 16);
        ReadLine();
        _separator = Separator();
    }

    private static ReadOnlySpan<byte> Mark => "From "u8;

    /// <summary>Whether a file that begins so is an mbox.</summary>
    public static bool Is(ReadOnlySpan<byte> head) => head.StartsWith(Mark);

    /// <returns>Null at the end. A mail that is too long comes without bytes.</returns>
    public ArchivedMail? Next()
    {
        if (_separator is not { } separator)
        {
            return null;
        }

        using MemoryStream raw = new();
        var isTooLong = false;
        var emptyLines = 0;
        _separator = null;
        while (ReadLine())
        {
            if (emptyLines > 0 && Separator() is { } next)
            {
                _separator = next;
                break;
            }

            if (_line.Length == 0)
            {
                emptyLines++;
                continue;
            }

            EndLines(raw, ref emptyLines);
            isTooLong |= raw.Length + _line.Length > MaxMail;
            Write(isTooLong ? Stream.Null : raw);
        }

        emptyLines--; // the last one belongs to the file, not to the mail
        EndLines(raw, ref emptyLines);
        return new ArchivedMail(isTooLong ? [] : raw.ToArray(), TimeOf(separator));
    }

    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    private static void EndLines(MemoryStream raw, ref int count)
    {
        for (; count > 0; count--)
        {
            raw.Write("\r\n"u8);
        }
    }

    /// <summary>Without its end. False when there is none.</summary>
    private bool ReadLine()
    {
        _line.SetLength(0);
        var read = _isAtEnd ? -1 : _file.ReadByte();
        _isAtEnd = read < 0;
        for (; read >= 0 && read != '\n'; read = _file.ReadByte())
        {
            if (_line.Length <= MaxMail)
            {
                _line.WriteByte((byte)read);
            }
        }

        if (_line.Length > 0 && _line.GetBuffer()[_line.Length - 1] == '\r')
        {
            _line.SetLength(_line.Length - 1);
        }

        return !_isAtEnd;
    }

    private void Write(Stream raw)
    {
        var line = _line.GetBuffer().AsSpan(0, (int)_line.Length);
        var isQuoted = line[0] == Quote && line.TrimStart(Quote).StartsWith(Mark);
        raw.Write(isQuoted ? line[1..] : line);
        raw.Write("\r\n"u8);
    }

    private string? Separator()
    {
        var line = _line.GetBuffer().AsSpan(0, (int)_line.Length);
        return line.StartsWith(Mark) ? System.Text.Encoding.Latin1.GetString(line[..Math.Min(line.Length, 1000)]) : null;
    }

    private static DateTimeOffset? TimeOf(string separator)
    {
        var words = separator.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var weekday = Array.FindIndex(words, word => DateTimeFormatInfo.InvariantInfo.AbbreviatedDayNames.Contains(word));
        return weekday > 0 && DateTimeOffset.TryParseExact(
            string.Join(' ', words[weekday..]), s_times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
    }
}
