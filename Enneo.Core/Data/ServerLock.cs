namespace Enneo.Core.Data;

/// <summary>Held for as long as a server uses a data directory, so that no second one does.</summary>
public sealed class ServerLock : IDisposable
{
    private readonly FileStream _file;

    private ServerLock(FileStream file) => _file = file;

    /// <returns>Null when another process holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be written.</exception>
    public static ServerLock? TryTake(DataDirectory directory)
    {
        try
        {
            // The operating system lets go of it however the process ends; the file itself means nothing.
            return new ServerLock(new FileStream(directory.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(directory.Lock))
        {
            return null;
        }
    }

    public void Dispose() => _file.Dispose();
}
