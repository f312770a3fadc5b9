namespace Enneo.Tests;

/// <summary>Where the source and what was built from it lie.</summary>
public static class Solution
{
    public static string Folder { get; } = Find();

    /// <summary>The program as it was built beside these tests.</summary>
    public static string Program => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Enneo.Web", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Enneo.Web.dll"));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Enneo.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests run from within the repository.");
    }
}
