namespace Enneo.Tests;

/// <summary>In place of a folder stands a file until this is disposed of: nothing can be written into it, whoever runs the tests.</summary>
internal sealed class FullFolder : IDisposable
{
    private readonly string _path;

    public FullFolder(string path)
    {
        _path = path;
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.WriteAllText(path, "");
    }

    public void Dispose() => File.Delete(_path);
}
