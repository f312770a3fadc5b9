using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Sending;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Backup;

/// <summary>How a restore ended.</summary>
/// <param name="Replaced">The folder in which the data that was there before lies now; null when there was none.</param>
/// <param name="Uncertain">Answers that may have left since the backup.</param>
/// <param name="Problem">In words; null when there is none, and nothing was changed when there is one.</param>
public sealed record RestoreOutcome(string? Snapshot, BackupManifest? Manifest, string? Replaced, int Uncertain, string? Problem)
{
    internal static RestoreOutcome Failed(string problem) => new(null, null, null, 0, problem);
}

/// <summary>
/// Puts a backup in the place of the data. It is verified first, then made ready beside the data, and only then changes places with
/// it; what was there is kept. Mail that came since is fetched again by the next sync. The holder of the <see cref="ServerLock"/> calls it.
/// </summary>
public sealed class BackupRestoring(DataDirectory directory, BackupVerification verification, DataReplacement replacement, TimeProvider clock)
{
    private const string Origin = "command";

    /// <param name="snapshot">Null for the newest.</param>
    /// <param name="progress">Told how many mails were verified.</param>
    public async Task<RestoreOutcome> RunAsync(string folder, string? snapshot, IProgress<int> progress, CancellationToken cancellationToken)
    {
        BackupFolder backups = new(folder);
        var names = backups.List();
        if (names.Count == 0)
        {
            return RestoreOutcome.Failed(Fill(BackupText.NothingThere, backups.Path));
        }

        if (snapshot is not null && !names.Contains(snapshot))
        {
            return RestoreOutcome.Failed(Fill(BackupText.NoSuchSnapshot, snapshot, string.Join(", ", names)));
        }

        var name = snapshot ?? names[0];
        try
        {
            return await verification.ProblemWithAsync(backups, name, progress, cancellationToken) is { } problem
                ? RestoreOutcome.Failed(problem)
                : await PutInPlaceAsync(backups, name, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return RestoreOutcome.Failed(Fill(BackupText.CannotRestore, directory.Path, exception.Message));
        }
    }

    private async Task<RestoreOutcome> PutInPlaceAsync(BackupFolder backups, string name, CancellationToken cancellationToken)
    {
        var manifest = (await BackupManifest.FindAsync(backups.SnapshotPath(name), cancellationToken))!;
        DataDirectory restored = new(Path.Combine(directory.Path, "restoring"));
        if (Directory.Exists(restored.Path))
        {
            Directory.Delete(restored.Path, recursive: true); // of a restore that was interrupted
        }

        BackupFolder.Create(restored.Path);
        File.Copy(Path.Combine(backups.SnapshotPath(name), BackupFolder.Database), restored.Database);
        await SegmentMirror.CopyAsync(backups.Segments, restored.Segments, manifest.Segments, cancellationToken);
        BeginNewSegment(backups, restored);
        foreach (var part in new[] { restored.Uploads, restored.Keys })
        {
            CopyFolder(Path.Combine(backups.SnapshotPath(name), Path.GetFileName(part)), part);
        }

        var uncertain = await SettleAsync(restored, name, cancellationToken);
        return new RestoreOutcome(name, manifest, replacement.Run(restored.Path), uncertain, null);
    }

    /// <summary>
    /// The backups may hold more of the last segment than this snapshot needs. What comes now is other mail, so that it goes to a
    /// segment of its own; otherwise the next backup would find two different ones of one number.
    /// </summary>
    private static void BeginNewSegment(BackupFolder backups, DataDirectory restored)
    {
        var next = SegmentMirror.Highest(backups.Segments) + 1;
        File.Create(Path.Combine(restored.Segments, MessageStore.FileName(next))).Dispose();
    }

    private async Task<int> SettleAsync(DataDirectory restored, string name, CancellationToken cancellationToken)
    {
        await using WriterLane lane = new(restored);
        return await lane.RunAsync(
            async (db, token) =>
            {
                var uncertain = await RestoredOutbox.DoubtAsync(db, clock, token);
                await db.Sessions.ExecuteDeleteAsync(token); // one that was ended since must not come back to life
                db.Activity.Add(ActivityEntry.Of(
                    ActivityKind.BackupRestored, Actor.Operator, Origin, clock, changes: [("backup", null, name), ("uncertain", null, uncertain)]));
                await db.SaveChangesAsync(token);
                return uncertain;
            },
            cancellationToken);
    }

    private static void CopyFolder(string from, string to)
    {
        BackupFolder.Create(to);
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from) : [])
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static string Fill(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
