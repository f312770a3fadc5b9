namespace Enneo.Core.Backup;

/// <summary>
/// The mails of a file or of a folder with all below it: mbox files, single mails, Maildir. What a file is, its first bytes say.
/// </summary>
internal static class MailFiles
{
    private const int Head = 512;

    /// <summary>Opens a file at a time; the mails come in its order.</summary>
    /// <param name="strange">Told the path of what is no mail.</param>
    public static IEnumerable<ArchivedMail> Read(string path, Action<string> strange)
    {
        IEnumerable<string> files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];
        foreach (var file in files)
        {
            using var stream = File.OpenRead(file);
            var head = new byte[Head];
            var length = stream.ReadAtLeast(head, Head, throwOnEndOfStream: false);
            stream.Position = 0;
            if (MboxReading.Is(head.AsSpan(0, length)))
            {
                using MboxReading mbox = new(stream);
                while (mbox.Next() is { } mail)
                {
                    yield return mail;
                }
            }
            else if (BeginsWithField(head.AsSpan(0, length)) && stream.Length <= MboxReading.MaxMail)
            {
                yield return new ArchivedMail(WithNetworkLines(stream), At: null);
            }
            else
            {
                strange(file);
            }
        }
    }

    /// <summary>RFC 5322, section 2.2: printable characters, then a colon.</summary>
    private static bool BeginsWithField(ReadOnlySpan<byte> head)
    {
        var colon = head.IndexOf((byte)':');
        return colon > 0 && head[..colon].IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;
    }

    private static byte[] WithNetworkLines(Stream file)
    {
        using MemoryStream raw = new();
        using BufferedStream bytes = new(file);
        var last = 0;
        for (var read = bytes.ReadByte(); read >= 0; read = bytes.ReadByte())
        {
            if (read == '\n' && last != '\r')
            {
                raw.WriteByte((byte)'\r');
            }

            raw.WriteByte((byte)read);
            last = read;
        }

        return raw.ToArray();
    }
}
