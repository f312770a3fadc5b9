using System.Globalization;
using Enneo.Core.Data;

namespace Enneo.Web.Shell;

internal static class DataFolder
{
    private const UnixFileMode OnlyOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Creates the data directory, for its owner only.</summary>
    /// <returns>Why it cannot be used, naming the setting; null when it can.</returns>
    public static string? Prepare(DataDirectory directory)
    {
        if (File.Exists(directory.Path))
        {
            return Problem(SettingsText.DataDirectoryIsFile, directory.Path);
        }

        try
        {
            Create(directory.Path);
            Create(directory.Keys);
            Probe(directory.Path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Problem(SettingsText.DataDirectoryUnwritable, directory.Path, exception.Message);
        }
    }

    private static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OnlyOwner);
        }
    }

    private static void Probe(string path)
    {
        var probe = Path.Combine(path, $".probe-{Environment.ProcessId}");
        using FileStream file = new(probe, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
    }

    private static string Problem(string text, params object[] values) =>
        string.Format(CultureInfo.CurrentCulture, $"{EnneoOptions.Section}:{nameof(EnneoOptions.DataDirectory)}: {text}", values);
}
