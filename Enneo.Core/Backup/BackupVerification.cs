using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Backup;

/// <summary>Reads a backup from end to end: the database page by page, each mail against its SHA-256.</summary>
public sealed class BackupVerification
{
    private const int Page = 500;

    /// <param name="progress">Told how many mails were read.</param>
    /// <returns>Why it cannot be restored, in words; null when it can.</returns>
    public async Task<string?> ProblemWithAsync(BackupFolder backups, string snapshot, IProgress<int> progress, CancellationToken cancellationToken)
    {
        var path = backups.SnapshotPath(snapshot);
        if (await BackupManifest.FindAsync(path, cancellationToken) is not { } manifest)
        {
            return Fill(BackupText.NoManifest, path);
        }

        if (manifest.Form != BackupManifest.CurrentForm)
        {
            return Fill(BackupText.OtherForm, path);
        }

        var database = Path.Combine(path, BackupFolder.Database);
        if (!File.Exists(database) || await BackupManifest.HashAsync(database, cancellationToken) != manifest.DatabaseSha256)
        {
            return Fill(BackupText.DatabaseDiffers, path);
        }

        if (await DatabaseSnapshot.ProblemWithAsync(database, cancellationToken) is { } damage)
        {
            return Fill(BackupText.DatabaseDamaged, path, damage);
        }

        await using var db = DatabaseSnapshot.Open(database);
        var known = db.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        return (await db.Database.GetAppliedMigrationsAsync(cancellationToken)).FirstOrDefault(m => !known.Contains(m)) is { } newer
            ? Fill(BackupText.Newer, path, newer)
            : await UnreadableMailAsync(db, backups, progress, cancellationToken);
    }

    private static async Task<string?> UnreadableMailAsync(EnneoDbContext db, BackupFolder backups, IProgress<int> progress, CancellationToken cancellationToken)
    {
        using MessageStore store = new(new DataDirectory(backups.Path));
        long last = 0;
        var read = 0;
        while (await PageAsync(db, last, cancellationToken) is { Count: > 0 } sources)
        {
            foreach (var source in sources)
            {
                try
                {
                    using var mail = await store.OpenAsync(source, cancellationToken);
                }
                catch (Exception exception) when (exception is CorruptSourceException or FileNotFoundException or DirectoryNotFoundException)
                {
                    return Fill(BackupText.MailDamaged, backups.Path, exception.Message);
                }
            }

            last = sources[^1].Id;
            progress.Report(read += sources.Count);
        }

        return null;
    }

    private static Task<List<StoredSource>> PageAsync(EnneoDbContext db, long after, CancellationToken cancellationToken) =>
        db.Sources.AsNoTracking().Where(source => source.Id > after).OrderBy(source => source.Id).Take(Page).ToListAsync(cancellationToken);

    private static string Fill(string text, params object[] values) => string.Format(CultureInfo.CurrentCulture, text, values);
}
