using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Backup;

/// <summary>How a backup ended.</summary>
/// <param name="Snapshot">Its name; null when there is none.</param>
/// <param name="Problem">In words; null when there is none.</param>
public sealed record BackupOutcome(string? Snapshot, BackupManifest? Manifest, string? Problem)
{
    internal static BackupOutcome Failed(string problem) => new(null, null, problem);
}

/// <summary>Makes a backup while everything goes on: the database as it is at one moment, then the raw mail that it names.</summary>
public sealed class BackupCreation(DataDirectory directory, DatabaseSnapshot database, WriterLane lane, TimeProvider clock)
{
    private const string InstallationSetting = "installation";

    /// <param name="folder">Where backups of this installation are kept; made if missing.</param>
    /// <param name="withKeys">Whether whoever has the backup may read the mailboxes' passwords.</param>
    /// <param name="kept">How many snapshots stay, the new one included; null for all.</param>
    public async Task<BackupOutcome> RunAsync(string folder, bool withKeys, int? kept, Actor actor, string origin, CancellationToken cancellationToken)
    {
        BackupFolder backups = new(folder);
        try
        {
            BackupFolder.Create(backups.Path);
            using var held = TryHold(backups);
            if (held is null)
            {
                return BackupOutcome.Failed(Fill(BackupText.FolderInUse, backups.Path));
            }

            var outcome = await WriteAsync(backups, withKeys, cancellationToken);
            if (outcome.Snapshot is { } made)
            {
                await lane.RunAsync((db, token) => AnnounceAsync(db, made, actor, origin, token), cancellationToken);
                backups.Keep(kept ?? int.MaxValue);
            }

            return outcome;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            return BackupOutcome.Failed(Fill(BackupText.CannotWrite, backups.Path, exception.Message));
        }
    }

    private async Task<BackupOutcome> WriteAsync(BackupFolder backups, bool withKeys, CancellationToken cancellationToken)
    {
        var installation = await lane.RunAsync(InstallationAsync, cancellationToken);
        if (await OwnerAsync(backups, cancellationToken) is { } owner && owner != installation)
        {
            return BackupOutcome.Failed(Fill(BackupText.OfAnother, backups.Path));
        }

        var snapshot = backups.Begin(clock.GetUtcNow());
        var copy = Path.Combine(snapshot, BackupFolder.Database);
        await database.WriteAsync(copy, cancellationToken);
        await using var db = DatabaseSnapshot.Open(copy);
        var needed = await NeededAsync(db, cancellationToken);
        if (await SegmentMirror.CopyAsync(directory.Segments, backups.Segments, needed, cancellationToken) is { } other)
        {
            return BackupOutcome.Failed(Fill(BackupText.SegmentDiffers, backups.Path, MessageStore.FileName(other)));
        }

        CopyUploads(await db.DraftAttachments.Where(a => a.StoredName != null).Select(a => a.StoredName!).ToListAsync(cancellationToken), snapshot);
        CopySettings(snapshot);
        if (withKeys)
        {
            CopyFiles(directory.Keys, Path.Combine(snapshot, nameof(DataDirectory.Keys).ToLowerInvariant()));
        }

        BackupManifest manifest = new(
            BackupManifest.CurrentForm,
            clock.GetUtcNow(),
            installation,
            (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).Last(),
            await BackupManifest.HashAsync(copy, cancellationToken),
            needed,
            await db.Sources.CountAsync(cancellationToken),
            withKeys);
        await manifest.WriteAsync(snapshot, cancellationToken);
        return new BackupOutcome(backups.Finish(snapshot), manifest, null);
    }

    private static async Task<Dictionary<int, long>> NeededAsync(EnneoDbContext db, CancellationToken cancellationToken) => await db.Sources
        .GroupBy(source => source.Segment)
        .Select(segment => new { Number = segment.Key, Length = segment.Max(source => source.Offset + source.StoredLength) })
        .OrderBy(segment => segment.Number)
        .ToDictionaryAsync(segment => segment.Number, segment => segment.Length, cancellationToken);

    private static async Task<string?> OwnerAsync(BackupFolder backups, CancellationToken cancellationToken)
    {
        foreach (var name in backups.List())
        {
            if (await BackupManifest.FindAsync(backups.SnapshotPath(name), cancellationToken) is { } manifest)
            {
                return manifest.Installation;
            }
        }

        return null;
    }

    /// <summary>Made at the first backup; a restored installation keeps it.</summary>
    private static async Task<string> InstallationAsync(EnneoDbContext db, CancellationToken cancellationToken)
    {
        if (await db.Settings.SingleOrDefaultAsync(s => s.Name == InstallationSetting, cancellationToken) is { } known)
        {
            return known.Value;
        }

        Setting made = new() { Name = InstallationSetting, Value = Guid.NewGuid().ToString("N") };
        db.Settings.Add(made);
        await db.SaveChangesAsync(cancellationToken);
        return made.Value;
    }

    /// <summary>A file that is gone belonged to a draft that was sent or discarded since the snapshot.</summary>
    private void CopyUploads(IEnumerable<string> names, string snapshot)
    {
        var folder = Path.Combine(snapshot, Path.GetFileName(directory.Uploads));
        BackupFolder.Create(folder);
        foreach (var name in names)
        {
            try
            {
                File.Copy(Path.Combine(directory.Uploads, name), Path.Combine(folder, name));
            }
            catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
            {
                continue;
            }
        }
    }

    private static void CopySettings(string snapshot)
    {
        var settings = Path.Combine(AppContext.BaseDirectory, BackupFolder.Settings);
        if (File.Exists(settings))
        {
            File.Copy(settings, Path.Combine(snapshot, BackupFolder.Settings));
        }
    }

    private static void CopyFiles(string from, string to)
    {
        BackupFolder.Create(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    private static FileStream? TryHold(BackupFolder backups)
    {
        try
        {
            return new FileStream(backups.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(backups.Lock))
        {
            return null;
        }
    }

    private Task AnnounceAsync(EnneoDbContext db, string snapshot, Actor actor, string origin, CancellationToken cancellationToken)
    {
        db.Activity.Add(ActivityEntry.Of(ActivityKind.BackupMade, actor, origin, clock, changes: ("backup", null, snapshot)));
        return db.SaveChangesAsync(cancellationToken);
    }

    private static string Fill(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
