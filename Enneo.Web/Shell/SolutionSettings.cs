using Microsoft.Extensions.Configuration.Json;

namespace Enneo.Web.Shell;

internal static class SolutionSettings
{
    public const string FileName = "appsettings.json";

    /// <summary>
    /// Reads the solution's one appsettings.json, which the build copies beside the program, below
    /// every other source: environment variables and the command line still win.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not JSON.</exception>
    public static void AddSolutionSettings(this ConfigurationManager configuration, string folder)
    {
        JsonConfigurationSource source = new() { Path = Path.Combine(folder, FileName), Optional = true };
        source.ResolveFileProvider();
        configuration.Sources.Insert(0, source);
    }

    /// <summary>
    /// The folder from which relative paths count: the solution's, when the program lies where the
    /// solution's build put it, else the program's own.
    /// </summary>
    public static string HomeOf(string programFolder)
    {
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Enneo.sln")))
            {
                var built = Path.Combine(folder.FullName, "artifacts", "bin") + Path.DirectorySeparatorChar;
                return programFolder.StartsWith(built, StringComparison.Ordinal) ? folder.FullName : programFolder;
            }
        }

        return programFolder;
    }
}
