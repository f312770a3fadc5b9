using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Enneo.Tests.Servers;

/// <summary>How a command ended and what it said.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Errors);

/// <summary>The real program in a process of its own, to be killed at will.</summary>
public sealed class EnneoProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private EnneoProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
    }

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    /// <summary>The most memory it has had at once, in bytes; while it lives.</summary>
    public long PeakMemory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ')[^2], CultureInfo.InvariantCulture);

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime => _process.TotalProcessorTime;

    /// <summary>Starts the server; does not wait for it.</summary>
    /// <param name="settings">As environment variables: <c>Enneo__Section__Key</c>.</param>
    public static EnneoProcess Start(
        string dataDirectory, int? port = null, IReadOnlyDictionary<string, string>? settings = null, params IEnumerable<string> arguments)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port ?? FreePort.Next()}/"));
        var process = Prepare(dataDirectory, arguments, settings);
        process.StartInfo.Environment["Enneo__Urls"] = address.ToString().TrimEnd('/');
        var enneo = new EnneoProcess(process, address);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return enneo;
    }

    /// <summary>Starts the server and waits until it says it is ready.</summary>
    public static async Task<EnneoProcess> StartAsync(
        string dataDirectory, CancellationToken cancellationToken, int? port = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var enneo = Start(dataDirectory, port, settings);
        await enneo.ReadyAsync(cancellationToken);
        return enneo;
    }

    /// <summary>Runs a command such as <c>user add --email …</c> to its end.</summary>
    public static async Task<CommandResult> RunAsync(
        string dataDirectory, IEnumerable<string> arguments, CancellationToken cancellationToken,
        string standardInput = "", IReadOnlyDictionary<string, string>? settings = null)
    {
        using var process = Prepare(dataDirectory, arguments, settings);
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(standardInput);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return new CommandResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Waits for <c>/readyz</c>.</summary>
    /// <param name="path">Or for another address.</param>
    public async Task ReadyAsync(CancellationToken cancellationToken, string path = "readyz")
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        while (!_process.HasExited)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
            catch (TaskCanceledException) when (!limit.IsCancellationRequested)
            {
                // It listens, and has much to do on a machine that has.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }

        throw new InvalidOperationException($"Enneo ended with {_process.ExitCode}:\n{Output}\n{Errors}");
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await ServerFolder.RunAsync("/usr/bin/env", ["kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)], cancellationToken);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    private static Process Prepare(string dataDirectory, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? settings)
    {
        var start = new ProcessStartInfo("dotnet", [Solution.Program, .. arguments])
        {
            WorkingDirectory = Path.Combine(Solution.Folder, "Enneo.Web"),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["Enneo__DataDirectory"] = dataDirectory;
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new Process { StartInfo = start };
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
