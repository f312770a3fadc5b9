using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Enneo.Core.Data;

/// <summary>
/// Lets prepared data change places with what lies in the data directory, which is kept beside it. Each step is a move, and what
/// was not moved yet says how far it came: an interruption loses nothing, and the next start goes on. The holder of the
/// <see cref="ServerLock"/> calls it.
/// </summary>
public sealed class DataReplacement(DataDirectory directory, TimeProvider clock)
{
    private const string Ready = "restored-";
    private const string Aside = "replaced-";
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="prepared">A folder on the same disk, complete: entries are named as in the data directory. It is gone afterwards.</param>
    /// <returns>The folder in which the data that was there before lies now; null when there was none.</returns>
    public string? Run(string prepared)
    {
        FoldLog(new DataDirectory(prepared).Database);
        var ready = Path.Combine(directory.Path, Ready + clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));
        Directory.Move(prepared, ready); // from here on it will be carried out, whatever happens
        return Exchange(ready);
    }

    /// <summary>Goes on where one was interrupted.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Finish()
    {
        var ready = Directory.Exists(directory.Path) ? Directory.EnumerateDirectories(directory.Path, Ready + "*").Order(StringComparer.Ordinal).ToList() : [];
        ready.ForEach(folder => Exchange(folder));
        return ready.Count > 0;
    }

    /// <summary>Writes everything into the database file itself: a log that moved apart from it would be taken for another's.</summary>
    private static void FoldLog(string database)
    {
        SqliteConnection.ClearAllPools();
        using SqliteConnection connection = new($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=DELETE";
        if (command.ExecuteScalar() is not "delete")
        {
            throw new IOException(string.Format(CultureInfo.CurrentCulture, DataText.LogInUse, database));
        }
    }

    private string? Exchange(string ready)
    {
        var aside = Path.Combine(directory.Path, Aside + Path.GetFileName(ready)[Ready.Length..]);
        foreach (var entry in Directory.EnumerateFileSystemEntries(ready).ToList())
        {
            var place = Path.Combine(directory.Path, Path.GetFileName(entry));
            if (place == directory.Keys)
            {
                AddKeys(entry);
                continue;
            }

            SetAside(place == directory.Database ? [place, place + "-wal", place + "-shm"] : [place], aside);
            Directory.Move(entry, place);
        }

        Directory.Delete(ready);
        return Directory.Exists(aside) ? aside : null;
    }

    private static void SetAside(IEnumerable<string> places, string aside)
    {
        foreach (var place in places.Where(Path.Exists))
        {
            Create(aside);
            Directory.Move(place, Path.Combine(aside, Path.GetFileName(place)));
        }
    }

    /// <summary>Keys stay: they are of use to whoever needs the data that is set aside, and do no harm beside others.</summary>
    private void AddKeys(string keys)
    {
        Create(directory.Keys);
        foreach (var file in Directory.EnumerateFiles(keys))
        {
            File.Move(file, Path.Combine(directory.Keys, Path.GetFileName(file)), overwrite: true);
        }

        Directory.Delete(keys);
    }

    private static void Create(string folder)
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
}
