using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Enneo.Tests.Servers;

/// <summary>
/// A server program that ends with the tests, however they end: a shell holds it and ends it when its own
/// standard input closes, which the kernel does even for a killed test run.
/// </summary>
public sealed class Daemon : IAsyncDisposable
{
    private const string Shell = """
        ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"
        "$@" </dev/null >&2 &
        echo $!
        read -r _
        kill -TERM $! 2>/dev/null
        wait $!
        """;

    private readonly Process _shell;
    private readonly StringBuilder _output;

    private Daemon(Process shell, StringBuilder output, int processId)
    {
        _shell = shell;
        _output = output;
        ProcessId = processId;
    }

    public int ProcessId { get; }

    /// <summary>Starts it and waits until <paramref name="port"/> takes connections.</summary>
    public static async Task<Daemon> StartAsync(IEnumerable<string> command, int port, Func<string> log, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var shell = new Process
        {
            StartInfo = new ProcessStartInfo("/bin/sh", ["-c", Shell, "sh", .. await ServerFolder.PrefixAsync(cancellationToken), .. command])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        shell.ErrorDataReceived += (_, line) => Append(output, line.Data);
        shell.Start();
        shell.BeginErrorReadLine();
        var processId = int.Parse((await shell.StandardOutput.ReadLineAsync(cancellationToken))!, provider: null);
        var daemon = new Daemon(shell, output, processId);
        await daemon.AnswersAsync(port, log, cancellationToken);
        return daemon;
    }

    private static void Append(StringBuilder output, string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private async Task AnswersAsync(int port, Func<string> log, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (!Directory.Exists($"/proc/{ProcessId}"))
            {
                break;
            }

            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }

        await DisposeAsync();
        throw new InvalidOperationException($"{_shell.StartInfo.ArgumentList[^1]} did not start:\n{_output}\n{log()}");
    }

    /// <summary>Returns when the program is gone: until then a dying master still answers on its ports.</summary>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
