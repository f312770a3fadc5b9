using System.Globalization;

namespace Enneo.Core.Backup;

/// <summary>
/// A folder of backups. Raw mail, which is only ever added to, stands there once; each snapshot beside it
/// holds what changes: the database, files of drafts, the settings, and the keys if asked for.
/// </summary>
public sealed class BackupFolder(string path)
{
    public const string Database = "enneo.db";
    public const string Manifest = "backup.json";
    public const string Settings = "appsettings.json";

    private const string Unfinished = ".unfinished-";
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Segments => System.IO.Path.Combine(Path, "segments");

    /// <summary>Held open by whoever writes a backup.</summary>
    public string Lock => System.IO.Path.Combine(Path, "backup.lock");

    private string Snapshots => System.IO.Path.Combine(Path, "snapshots");

    /// <summary>Names of the finished snapshots, newest first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(Snapshots)
        ? [.. Directory.EnumerateDirectories(Snapshots).Select(folder => System.IO.Path.GetFileName(folder)).Where(name => !name.StartsWith(Unfinished, StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal)]
        : [];

    public string SnapshotPath(string name) => System.IO.Path.Combine(Snapshots, name);

    /// <summary>Makes an empty snapshot that nobody takes for a finished one.</summary>
    /// <returns>Its path.</returns>
    public string Begin(DateTimeOffset now)
    {
        foreach (var abandoned in Directory.Exists(Snapshots) ? Directory.EnumerateDirectories(Snapshots, Unfinished + "*") : [])
        {
            Directory.Delete(abandoned, recursive: true);
        }

        var folder = System.IO.Path.Combine(Snapshots, Unfinished + NameOf(now));
        Create(folder);
        return folder;
    }

    /// <returns>The name of the snapshot.</returns>
    public string Finish(string unfinished)
    {
        var name = System.IO.Path.GetFileName(unfinished)[Unfinished.Length..];
        Directory.Move(unfinished, SnapshotPath(name));
        return name;
    }

    /// <summary>Removes all but the newest. Raw mail stays: newer snapshots need it too.</summary>
    public void Keep(int count)
    {
        foreach (var old in List().Skip(count))
        {
            Directory.Delete(SnapshotPath(old), recursive: true);
        }
    }

    /// <summary>Creates a folder for its owner only: what lies in it can be read without a password.</summary>
    internal static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OnlyOwner);
        }
    }

    private static string NameOf(DateTimeOffset now) => now.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture);
}
