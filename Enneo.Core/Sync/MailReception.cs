using Enneo.Core.Storage;

namespace Enneo.Core.Sync;

/// <summary>
/// Takes what one fetch delivers. What exceeds the memory of a batch goes to files, by the bytes that
/// really come: a server may have told other sizes before.
/// </summary>
/// <param name="transit">Folder of the files.</param>
internal sealed class MailReception(string transit)
{
    private readonly Dictionary<Stream, MailBytes> _mails = [];
    private long _inMemory;

    /// <summary>A stream for the next mail of as many bytes.</summary>
    public Stream Make(int length)
    {
        MailBytes mail;
        Stream stream;
        if (_inMemory + length > MailBytes.MaxInMemory)
        {
            mail = MailBytes.InFile(transit, length);
            stream = mail.Open();
        }
        else
        {
            var bytes = new byte[length];
            mail = bytes;
            stream = new MemoryStream(bytes);
            _inMemory += length;
        }

        _mails.Add(stream, mail);
        return stream;
    }

    public MailBytes Of(Stream stream) => _mails[stream];
}
