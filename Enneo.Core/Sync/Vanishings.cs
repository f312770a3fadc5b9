using Enneo.Core.Mailboxes;

namespace Enneo.Core.Sync;

/// <summary>
/// What a run found to be no longer where it lay. It is settled only after all folders were looked
/// at: what another client moved has been found in its new folder by then, and never seems deleted.
/// </summary>
internal sealed class Vanishings
{
    private readonly Dictionary<long, (MailFolder Folder, IReadOnlyCollection<uint> Uids)> _messages = [];
    private readonly Dictionary<long, MailFolder> _folders = [];
    private readonly Dictionary<long, MailFolder> _comparedAnew = [];

    /// <summary>Messages that were moved from here without the server saying where they lie now: the look that follows meets them again, or they are gone.</summary>
    public HashSet<long> MovedUnseen { get; } = [];

    public bool IsEmpty => _messages.Count == 0 && _folders.Count == 0;

    public IEnumerable<(MailFolder Folder, IReadOnlyCollection<uint> Uids)> Messages => _messages.Values;

    /// <summary>Folders that the server lists no more.</summary>
    public IEnumerable<MailFolder> Folders => _folders.Values;

    /// <summary>Folders whose messages were matched from the start, perhaps under new UIDs: what was not met again is not there.</summary>
    public IEnumerable<MailFolder> ComparedAnew => _comparedAnew.Values;

    /// <summary>A folder could not be looked into: what was not met again may lie there.</summary>
    public void DoubtComparisons() => _comparedAnew.Clear();

    public void CompareAnew(MailFolder folder) => _comparedAnew[folder.Id] = folder;

    /// <summary>Replaces what an earlier look into the folder found.</summary>
    public void Set(MailFolder folder, IReadOnlyCollection<uint> uids)
    {
        _messages.Remove(folder.Id);
        if (uids.Count > 0)
        {
            _messages[folder.Id] = (folder, uids);
        }
    }

    /// <summary>Together with what an earlier look found.</summary>
    public void Add(MailFolder folder, IReadOnlyCollection<uint> uids)
    {
        if (uids.Count > 0)
        {
            Set(folder, [.. (_messages.TryGetValue(folder.Id, out var earlier) ? earlier.Uids : []).Union(uids)]);
        }
    }

    public void Add(MailFolder folder) => _folders[folder.Id] = folder;

    public IReadOnlyCollection<uint> Of(MailFolder folder) => _messages.TryGetValue(folder.Id, out var found) ? found.Uids : [];

    public int CountOf(MailFolder folder) => _messages.TryGetValue(folder.Id, out var found) ? found.Uids.Count : 0;
}
