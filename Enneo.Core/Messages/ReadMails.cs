using System.Collections.Concurrent;
using Enneo.Core.Storage;

namespace Enneo.Core.Messages;

/// <summary>
/// What was read of mails lately, by their bytes: these never change, and to read them again costs more than all that is asked
/// of the database meanwhile. Whether somebody may see a mail is asked each time, before it is looked for here.
/// </summary>
internal sealed class ReadMails
{
    /// <summary>Larger ones are few, and would take the place of many.</summary>
    private const long LargestKept = 64 * 1024;

    private const long MostKept = 8 * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Sha256, bool IsBounce), MessageContent> _kept = new();
    private long _bytes;

    public MessageContent? Find(StoredSource source, bool isBounce) => source.RawLength <= LargestKept ? _kept.GetValueOrDefault(KeyOf(source, isBounce)) : null;

    public void Keep(StoredSource source, bool isBounce, MessageContent content)
    {
        if (source.RawLength > LargestKept)
        {
            return;
        }

        if (Interlocked.Add(ref _bytes, source.RawLength) > MostKept)
        {
            _kept.Clear(); // else what came first would stay for good
            Interlocked.Exchange(ref _bytes, source.RawLength);
        }

        _kept[KeyOf(source, isBounce)] = content;
    }

    private static (string Sha256, bool IsBounce) KeyOf(StoredSource source, bool isBounce) => (Convert.ToHexString(source.Sha256), isBounce);
}
