using System.Globalization;
using MimeKit;

namespace Enneo.Tests.Microsoft365;

/// <summary>A message of a mailbox as Exchange keeps it.</summary>
/// <param name="Id">The same wherever it lies.</param>
internal sealed record GraphLetter(string Id, byte[] Mime, string FolderId, DateTimeOffset ReceivedAt, bool IsRead, bool IsFlagged, bool IsDraft, long Version)
{
    public MimeMessage Load() => MimeMessage.Load(new MemoryStream(Mime));
}

/// <summary>A folder; its id stays when it is renamed.</summary>
internal sealed record GraphBox(string Id, string Name, string? ParentId);

/// <summary>One mailbox of Exchange, and what changed in it when: other clients' doings as well as ours.</summary>
internal sealed class GraphMail
{
    private readonly Lock _lock = new();
    private readonly List<GraphBox> _boxes = [];
    private readonly Dictionary<string, GraphLetter> _letters = [];
    private readonly List<(long Version, string FolderId, string Id, string? Property)> _changes = [];
    private long _version;
    private int _ids;

    public GraphMail()
    {
        foreach (var (id, name) in new[] { ("inbox", "Posteingang"), ("sentitems", "Sent Items"), ("drafts", "Drafts"), ("junkemail", "Junk Email"), ("deleteditems", "Deleted Items"), ("archive", "Archive") })
        {
            _boxes.Add(new GraphBox($"AQMk{id}=", name, null));
        }
    }

    /// <summary>Folders that lists leave out, although they are there, unless hidden ones are asked for.</summary>
    public HashSet<string> Unlisted { get; } = [];

    /// <summary>Changes before this are forgotten.</summary>
    public long Forgotten { get; private set; }

    public static string IdOf(string wellKnown) => $"AQMk{wellKnown}=";

    public GraphBox AddBox(string name, string? parentId = null)
    {
        GraphBox box = new($"AQMk{++_ids}=", name, parentId);
        _boxes.Add(box);
        return box;
    }

    public IReadOnlyList<GraphBox> Boxes(string? parentId, bool showsHidden = false) => [.. _boxes.Where(box => box.ParentId == parentId && (showsHidden || !Unlisted.Contains(box.Id)))];

    public GraphBox? FindBox(string idOrName) => _boxes.SingleOrDefault(box => box.Id == idOrName || box.Id == IdOf(idOrName));

    public void Rename(GraphBox box, string name) => _boxes[_boxes.FindIndex(other => other.Id == box.Id)] = box with { Name = name };

    public void RemoveBox(GraphBox box)
    {
        _boxes.RemoveAll(other => other.Id == box.Id);
        Letters(box.Id).ToList().ForEach(letter => Delete(letter.Id));
    }

    public IReadOnlyList<GraphLetter> Letters(string? folderId = null)
    {
        lock (_lock)
        {
            return [.. _letters.Values.Where(letter => folderId is null || letter.FolderId == folderId).OrderBy(letter => letter.Version)];
        }
    }

    public GraphLetter? Find(string id)
    {
        lock (_lock)
        {
            return _letters.GetValueOrDefault(id);
        }
    }

    public GraphLetter BySubject(string subject) => Letters().Single(letter => letter.Load().Subject == subject);

    public string Deliver(MimeMessage mail, string folder = "inbox", DateTimeOffset? at = null, bool isRead = false, bool isDraft = false)
    {
        using MemoryStream mime = new();
        mail.WriteTo(mime);
        return Deliver(mime.ToArray(), folder, at, isRead, isDraft);
    }

    public string Deliver(byte[] mime, string folder = "inbox", DateTimeOffset? at = null, bool isRead = false, bool isDraft = false)
    {
        lock (_lock)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"AAkA-{++_ids}_=");
            Put(new GraphLetter(id, mime, FindBox(folder)!.Id, at ?? TimeProvider.System.GetUtcNow(), isRead, IsFlagged: false, isDraft, 0));
            return id;
        }
    }

    /// <summary>As a list that lags behind still has it.</summary>
    public void Restore(GraphLetter letter)
    {
        lock (_lock)
        {
            Put(letter);
        }
    }

    public void Mark(string id, bool isRead) => Change(id, "isRead", letter => letter with { IsRead = isRead });

    public void Flag(string id, bool isFlagged) => Change(id, "flag", letter => letter with { IsFlagged = isFlagged });

    /// <summary>As a program that a draft is written in does.</summary>
    public void Rewrite(string id, byte[] mime, bool isDraft) => Change(id, null, letter => letter with { Mime = mime, IsDraft = isDraft });

    public bool Move(string id, string folder)
    {
        lock (_lock)
        {
            if (!_letters.TryGetValue(id, out var letter) || FindBox(folder) is not { } box)
            {
                return false;
            }

            Log(letter.FolderId, id, null);
            Put(letter with { FolderId = box.Id });
            return true;
        }
    }

    public bool Delete(string id)
    {
        lock (_lock)
        {
            if (!_letters.Remove(id, out var letter))
            {
                return false;
            }

            Log(letter.FolderId, id, null);
            return true;
        }
    }

    /// <summary>Whoever comes with an earlier state has to list everything.</summary>
    public void Forget() => Forgotten = _version + 1;

    /// <returns>What changed in a folder since, each message once: where it is there, and if only a property of it changed, which.</returns>
    public (IReadOnlyList<(string Id, GraphLetter? Letter, string? Property)> Items, long Version) Since(string folderId, long? since)
    {
        lock (_lock)
        {
            var items = since is null
                ? Letters(folderId).Select(letter => (letter.Id, (GraphLetter?)letter, (string?)null))
                : _changes.Where(change => change.Version > since && change.FolderId == folderId).GroupBy(change => change.Id).Select(group => (
                    group.Key,
                    _letters.GetValueOrDefault(group.Key) is { } letter && letter.FolderId == folderId ? letter : null,
                    group.Select(change => change.Property).Distinct().ToList() is [var only] ? only : null));
            return ([.. items], _version);
        }
    }

    private void Change(string id, string? property, Func<GraphLetter, GraphLetter> change)
    {
        lock (_lock)
        {
            _letters[id] = change(_letters[id]) with { Version = ++_version };
            Log(_letters[id].FolderId, id, property);
        }
    }

    private void Put(GraphLetter letter)
    {
        _letters[letter.Id] = letter with { Version = ++_version };
        Log(letter.FolderId, letter.Id, null);
    }

    private void Log(string folderId, string id, string? property) => _changes.Add((++_version, folderId, id, property));
}
