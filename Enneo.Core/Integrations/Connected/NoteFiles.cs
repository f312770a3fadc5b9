using System.Globalization;
using System.Text.Json;
using Enneo.Core.Notes;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Files that are put to a note after both sides have it, known by their names and sizes. They are only ever added: one that
/// is taken out on one side stays on the other, and does not come back.
/// </summary>
internal sealed class NoteFiles(MessageGiving giving)
{
    /// <summary>What stands between the name of a file and its size; a name alone means every file of that name.</summary>
    private const char Mark = '\n';

    public static string MarkOf(GivenFile file) => MarkOf(file.Name, file.Bytes.Length);

    public static string MarkOf(OtherFile file) => MarkOf(file.Name, file.Size);

    public static string MarksOf(IEnumerable<string> marks) => JsonSerializer.Serialize(marks.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>What both had, where that was never noted: what each has now.</summary>
    public async Task NoteAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (row.Files is null)
        {
            var ours = mine.Row.HasAttachments ? await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken) : [];
            row.Files = MarksOf([.. ours.Select(MarkOf), .. their.Files.Select(MarkOf)]);
        }
    }

    /// <returns>Whether there is one there that was put to it since.</returns>
    public static bool AreAddedThere(SyncedMessage row, OtherMessage their)
    {
        var agreed = Agreed(row);
        return their.Files.Any(file => !IsAmong(agreed, MarkOf(file)));
    }

    /// <returns>Those of ours that were put to it since, and that are not there.</returns>
    public async Task<IReadOnlyList<GivenFile>> ToGiveAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (!mine.Row.HasAttachments)
        {
            return [];
        }

        var known = Agreed(row).Union(their.Files.Select(MarkOf)).ToHashSet(StringComparer.Ordinal);
        return [.. (await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken)).Where(file => !IsAmong(known, MarkOf(file)))];
    }

    /// <returns>Those of theirs that were put to it since, and that are not here; as many as a note takes at once.</returns>
    public async Task<TakenFiles> ToTakeAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (!AreAddedThere(row, their))
        {
            return new([], []);
        }

        var known = Agreed(row);
        known.UnionWith(mine.Row.HasAttachments ? (await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken)).Select(MarkOf) : []);
        var marks = their.Files.Select(MarkOf).Where(mark => IsAmong(known, mark)).ToList();
        List<NoteFile> files = [];
        foreach (var file in their.Files.Where(file => !IsAmong(known, MarkOf(file))).Take(AttachmentFetching.MaxFiles))
        {
            var bytes = await sides.Calls.FileAsync(file.Address, cancellationToken);
            files.Add(new NoteFile(file.Name, file.ContentType, bytes));
            marks.AddRange(MarkOf(file), MarkOf(file.Name, bytes.Length)); // whatever size it says, ours has this one
        }

        return new(files, marks);
    }

    /// <summary>Both have had these.</summary>
    public static void Agree(SyncedMessage row, IEnumerable<string> marks) => row.Files = MarksOf([.. Agreed(row), .. marks]);

    private static HashSet<string> Agreed(SyncedMessage row) => row.Files is { } marks ? [.. JsonSerializer.Deserialize<string[]>(marks)!] : [];

    private static string MarkOf(string name, long? size) => size is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{name}{Mark}{bytes}") : name;

    private static bool IsAmong(HashSet<string> known, string mark) => known.Contains(mark) || (mark.LastIndexOf(Mark) is var end and >= 0
        ? known.Contains(mark[..end])
        : known.Any(other => other.StartsWith($"{mark}{Mark}", StringComparison.Ordinal)));
}

/// <param name="Marks">Of all that both have by it.</param>
internal sealed record TakenFiles(IReadOnlyList<NoteFile> Files, IReadOnlyList<string> Marks);
