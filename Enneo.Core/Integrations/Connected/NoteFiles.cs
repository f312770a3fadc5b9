using System.Globalization;
using Enneo.Core.Notes;

namespace Enneo.Core.Integrations.Connected;

/// <summary>
/// Files that are put to a note, or taken out of it, after both sides have it. Taking one out goes to the other side as deletions
/// do; where they do not, it stays there, and does not come back.
/// </summary>
internal sealed class NoteFiles(MessageGiving giving)
{
    /// <param name="isChangedHere">The note is not what it was when both were read last.</param>
    /// <returns>What changed of the files since both were read; what each has is noted by it.</returns>
    public async Task<FileChanges> CompareAsync(BothSides sides, SyncedMessage row, OurMessage mine, OtherMessage their, bool isChangedHere, CancellationToken cancellationToken)
    {
        List<FileMark> theirs = [.. their.Files.Select(FileMark.Of)];
        if (!isChangedHere && row.Files is { } noted && FileMarks.Parse(noted).AreAll(theirs))
        {
            return FileChanges.None;
        }

        var ours = await giving.MarksAsync(sides.Acting, mine.Row, cancellationToken);
        var known = row.Files is null ? new FileMarks([], [.. ours, .. theirs]) : FileMarks.Parse(row.Files);
        var (acting, way) = (sides.Acting, sides.Acting.Integration.Deletions);
        var (goesOut, comesIn) = (way is DeletionWay.Out or DeletionWay.Both && acting.Gives(SyncedField.Conversations), way is DeletionWay.Both && acting.Takes(SyncedField.Conversations));
        FileChanges changes = new(
            [.. ours.Where(mark => !mark.IsAmong(known.All) && !mark.IsAmong(theirs))],
            [.. their.Files.Where(file => FileMark.Of(file) is var mark && !mark.IsAmong(known.All) && !mark.IsAmong(ours) && !sides.Stuck.Contains(NameOf(their, file)))],
            goesOut ? [.. their.Files.Where(file => file.Sha256 is not null && FileMark.Of(file) is var mark && mark.IsAmong(known.Both) && !mark.IsAmong(ours))] : [],
            comesIn ? [.. ours.Where(mark => mark.IsAmong(known.Both) && !mark.IsAmong(theirs))] : []);
        row.Files = known.Seen(ours, theirs).Until(changes.Gone).ToJson();
        return changes;
    }

    /// <returns>What the other side is to be given and to lose.</returns>
    public async Task<ChangedFiles> ToGiveAsync(BothSides sides, OurMessage mine, FileChanges changes, CancellationToken cancellationToken) => new(
        changes.AddedHere.Count == 0 ? [] : [.. (await giving.FilesAsync(sides.Acting, mine.Row, cancellationToken)).Where(file => FileMark.Of(file).IsAmong(changes.AddedHere))],
        changes.GoneHere);

    /// <returns>What is to be put to ours, as much as a note takes at once, and taken out of it; by what it is known. What cannot be had is asked for again with the next exchange.</returns>
    public static async Task<(NoteEdit Edit, IReadOnlyList<FileMark> Marks)> ToTakeAsync(BothSides sides, FileChanges changes, OtherMessage their, string html, CancellationToken cancellationToken)
    {
        List<NoteFile> files = [];
        List<FileMark> marks = [];
        foreach (var file in changes.AddedThere.Take(AttachmentFetching.MaxFiles))
        {
            try
            {
                var bytes = await sides.Calls.FileAsync(file.Address, cancellationToken);
                files.Add(new NoteFile(file.Name, file.ContentType, bytes));
                marks.AddRange(FileMark.Of(file), FileMark.Of(new GivenFile(file.Name, file.ContentType, bytes))); // whatever it says of it, ours is this one
            }
            catch (OtherSystemException refused) when (refused.IsFileRefusal)
            {
                sides.Stuck.AddPart(NameOf(their, file), string.Format(CultureInfo.CurrentCulture, ConnectedText.NoteFileLeft, their.From.Address, file.Name, refused.Message));
            }
        }

        NoteEdit edit = new(html, files) { Removed = [.. changes.GoneThere.Select(mark => new RemovedFile(mark.Name, mark.Sha256!))] };
        return (edit, marks);
    }

    private static string NameOf(OtherMessage note, OtherFile file) => $"{note.Id}\n{file.Address}";

    /// <param name="gone">Those that were taken out on both sides, or stay on one: they are not taken out again.</param>
    /// <param name="added">Those that were put to it: they are not given again.</param>
    public static void Agree(SyncedMessage row, IEnumerable<FileMark> gone, IEnumerable<FileMark> added) => row.Files = FileMarks.Parse(row.Files).After(gone, added).ToJson();
}

/// <summary>What changed of the files of a note since both sides were read last.</summary>
/// <param name="AddedHere">Put to it here, and not there.</param>
/// <param name="AddedThere">Put to it there, and not here.</param>
/// <param name="GoneHere">Taken out here, and to be taken out there.</param>
/// <param name="GoneThere">Taken out there, and to be taken out here.</param>
internal sealed record FileChanges(IReadOnlyList<FileMark> AddedHere, IReadOnlyList<OtherFile> AddedThere, IReadOnlyList<OtherFile> GoneHere, IReadOnlyList<FileMark> GoneThere)
{
    public static readonly FileChanges None = new([], [], [], []);

    /// <summary>Taken out on one side, and still to be on the other.</summary>
    public IEnumerable<FileMark> Gone => GoneHere.Select(FileMark.Of).Concat(GoneThere);

    public bool AreThere => AddedThere.Count > 0 || GoneThere.Count > 0;

    public bool AreHere => AddedHere.Count > 0 || GoneHere.Count > 0;
}
