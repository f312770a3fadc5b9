namespace Enneo.Tests.Architecture;

/// <summary>A file of the repository as the rules see it.</summary>
/// <param name="Path">From the top of the repository, with forward slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] s_kinds = [".cs", ".razor", ".css", ".js", ".mjs", ".resx"];
    private static readonly string[] s_notOurs = ["/obj/", "/bin/", "/node_modules/", "/wwwroot/lib/", "/Data/Migrations/"];

    /// <summary>What people wrote of the three projects: nothing generated, nothing fetched.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = Read();

    /// <summary>The project, such as <c>Enneo.Core</c>.</summary>
    public string Project => Path.Split('/')[0];

    /// <summary>The folder below the project, such as <c>Tickets</c>; empty for files beside it.</summary>
    public string Slice => Path.Split('/') is [_, var slice, _, ..] ? slice : "";

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal) || Path.EndsWith(".razor", StringComparison.Ordinal);

    private static List<SourceFile> Read()
    {
        var root = Solution.Folder;
        List<SourceFile> files = [];
        foreach (var project in new[] { "Enneo.Core", "Enneo.Web", "Enneo.Tests" })
        {
            files.AddRange(Directory.EnumerateFiles(System.IO.Path.Combine(root, project), "*", SearchOption.AllDirectories)
                .Where(file => s_kinds.Contains(System.IO.Path.GetExtension(file)))
                .Select(file => (File: file, Path: System.IO.Path.GetRelativePath(root, file).Replace('\\', '/')))
                .Where(file => !s_notOurs.Any(folder => file.Path.Contains(folder, StringComparison.Ordinal)))
                .Select(file => new SourceFile(file.Path, File.ReadAllText(file.File))));
        }

        return files;
    }
}
