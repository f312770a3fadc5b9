namespace Enneo.Core.Data;

/// <summary>Where everything that Enneo keeps lies: one folder, to be backed up as a whole.</summary>
public sealed class DataDirectory(string path)
{
    /// <summary>Absolute.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public string Database => Combine("enneo.db");

    /// <summary>Raw mail, append-only.</summary>
    public string Segments => Combine("segments");

    /// <summary>Keys that protect the mailboxes' passwords; without them the passwords are unreadable.</summary>
    public string Keys => Combine("keys");

    /// <summary>Files attached to drafts, until they are sent or discarded.</summary>
    public string Uploads => Combine("uploads");

    /// <summary>Large mail while it is fetched or read: files without a name, so the folder looks empty.</summary>
    public string Transit => Combine("transit");

    /// <summary>Copies of the database taken before each migration.</summary>
    public string Copies => Combine("copies");

    /// <summary>Nightly backups, unless another folder is set for them.</summary>
    public string Backups => Combine("backups");

    /// <summary>Held open by the one server that may use this folder.</summary>
    public string Lock => Combine("server.lock");

    private string Combine(string name) => System.IO.Path.Combine(Path, name);
}
