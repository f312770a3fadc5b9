using System.Text.Json;
using Enneo.Core.Notes;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Files that are put to a note after both sides have it, known by their names. They are only ever added: one that is taken
/// out on one side stays on the other, and does not come back.
/// </summary>
internal sealed class NoteFiles(MessageGiving giving)
{
    public static string NamesOf(IEnumerable<string> names) => JsonSerializer.Serialize(names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>What both had, where that was never noted: what each has now.</summary>
    public async Task NoteAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (row.Files is null)
        {
            var ours = mine.Row.HasAttachments ? await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken) : [];
            row.Files = NamesOf([.. ours.Select(file => file.Name), .. their.Files.Select(file => file.Name)]);
        }
    }

    /// <returns>Whether there is one there that was put to it since.</returns>
    public static bool AreAddedThere(SyncedMessage row, OtherMessage their) => their.Files.Select(file => file.Name).Except(Agreed(row), StringComparer.Ordinal).Any();

    /// <returns>Those of ours that were put to it since, and that are not there.</returns>
    public async Task<IReadOnlyList<GivenFile>> ToGiveAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (!mine.Row.HasAttachments)
        {
            return [];
        }

        var known = Agreed(row).Union(their.Files.Select(file => file.Name)).ToHashSet(StringComparer.Ordinal);
        return [.. (await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken)).Where(file => !known.Contains(file.Name))];
    }

    /// <returns>Those of theirs that were put to it since, and that are not here.</returns>
    public async Task<IReadOnlyList<NoteFile>> ToTakeAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, CancellationToken cancellationToken)
    {
        if (!AreAddedThere(row, their))
        {
            return [];
        }

        var known = Agreed(row).ToHashSet(StringComparer.Ordinal);
        known.UnionWith(mine.Row.HasAttachments ? (await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken)).Select(file => file.Name) : []);
        List<NoteFile> files = [];
        foreach (var file in their.Files.Where(file => !known.Contains(file.Name)).Take(AttachmentFetching.MaxFiles))
        {
            files.Add(new NoteFile(file.Name, file.ContentType, await sides.Calls.FileAsync(file.Address, cancellationToken)));
        }

        return files;
    }

    /// <summary>Both have had these.</summary>
    public static void Agree(SyncedMessage row, IEnumerable<string> names) => row.Files = NamesOf([.. Agreed(row), .. names]);

    private static IReadOnlyList<string> Agreed(SyncedMessage row) => row.Files is { } names ? JsonSerializer.Deserialize<string[]>(names)! : [];
}
