using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Enneo.Tests.Servers;

namespace Enneo.Tests;

/// <summary>
/// Collections of hostile and odd mail that are not part of the repository: the folder in <c>ENNEO_EXAMS</c>, else
/// <c>../shared/exams</c> beside the repository, unpacked once into the temporary folder. Where there is neither, tests
/// that need them are skipped and say so.
/// </summary>
public static class Exams
{
    private static readonly Lazy<Task<string?>> s_folder = new(FindAsync);

    /// <summary>The folder of one set, such as <c>mime</c>; skips the test when it is absent.</summary>
    public static async Task<string> RequireAsync(string set)
    {
        var folder = await s_folder.Value is { } all ? Path.Combine(all, set) : null;
        Assert.SkipUnless(Directory.Exists(folder), $"The exam set {set} is not here: set ENNEO_EXAMS or put it at ../shared/exams.");
        return folder!;
    }

    private static async Task<string?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ENNEO_EXAMS") is { Length: > 0 } given)
        {
            return given;
        }

        var packed = Path.GetFullPath(Path.Combine(Solution.Folder, "..", "shared", "exams"));
        return File.Exists(Path.Combine(packed, "unpack.sh")) ? await UnpackAsync(packed) : null;
    }

    private static async Task<string> UnpackAsync(string packed)
    {
        var state = string.Join('\n', new DirectoryInfo(packed).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..12];
        var folder = Path.Combine(Path.GetTempPath(), $"enneo-exams-{Environment.UserName}-{name}");
        if (!Directory.Exists(folder))
        {
            var unfinished = $"{folder}-{Environment.ProcessId}";
            await ServerFolder.RunAsync("/bin/bash", [Path.Combine(packed, "unpack.sh"), unfinished], CancellationToken.None);
            try
            {
                Directory.Move(unfinished, folder);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                Directory.Delete(unfinished, true); // another run was faster
            }
        }

        return folder;
    }
}
