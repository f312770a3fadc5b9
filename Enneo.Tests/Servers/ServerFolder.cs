using System.Diagnostics;

namespace Enneo.Tests.Servers;

/// <summary>
/// A temporary folder for one server, and the account it runs as: nobody when the tests run as root
/// (Dovecot refuses mail of uid 0), else whoever runs them.
/// </summary>
public sealed class ServerFolder : IAsyncDisposable
{
    private static readonly bool s_root = Environment.IsPrivilegedProcess;

    /// <param name="name">Short: socket paths below the folder must stay under 108 bytes.</param>
    public ServerFolder(string name)
    {
        var parent = Directory.Exists("/tmp") ? "/tmp" : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, $"enneo-{name}-{Guid.NewGuid():N}"[..(name.Length + 16)]);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public static string User => s_root ? "nobody" : Environment.UserName;

    public static async Task<(string Uid, string Gid, string Group)> AccountAsync(CancellationToken cancellationToken) => (
        await RunAsync("/usr/bin/id", ["-u", User], cancellationToken),
        await RunAsync("/usr/bin/id", ["-g", User], cancellationToken),
        await RunAsync("/usr/bin/id", ["-gn", User], cancellationToken));

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Subfolder(string name) => Directory.CreateDirectory(this[name]).FullName;

    /// <summary>Gives a path below to the account the server runs as.</summary>
    public async Task HandOverAsync(CancellationToken cancellationToken, string? path = null)
    {
        if (s_root)
        {
            var (uid, gid, _) = await AccountAsync(cancellationToken);
            await RunAsync("/usr/bin/chown", ["-R", $"{uid}:{gid}", path ?? Path], cancellationToken);
        }
    }

    /// <summary>The words that run a program as that account.</summary>
    public static async Task<string[]> PrefixAsync(CancellationToken cancellationToken)
    {
        if (!s_root)
        {
            return [];
        }

        var (uid, gid, _) = await AccountAsync(cancellationToken);
        return ["setpriv", $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--"];
    }

    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? (await output).Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }

    public async ValueTask DisposeAsync() => await RunAsync("/usr/bin/rm", ["-rf", Path], CancellationToken.None);
}
