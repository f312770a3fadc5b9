using System.Diagnostics.CodeAnalysis;
using System.Text;
using Enneo.Tests.Servers;

namespace Enneo.Tests;

/// <summary>
/// The program's commands by its own entry point, in this process, each with a console of its own: to start a process
/// takes seconds. What a command reads from standard input, what is killed and what replaces files that this process
/// has open runs as <see cref="EnneoProcess"/>.
/// </summary>
public static class EnneoCommand
{
    private static readonly AsyncLocal<Screen?> s_screen = new();

    [SuppressMessage("Performance", "CA1810", Justification = "The console is exchanged when the first command runs, not when a field is read.")]
    static EnneoCommand()
    {
        Console.SetOut(new ConsoleOfFlow(Console.Out, screen => screen.Output));
        Console.SetIn(TextReader.Null);
        Console.SetError(new ConsoleOfFlow(Console.Error, screen => screen.Errors));
    }

    /// <summary>Runs a command such as <c>user access --email …</c> to its end.</summary>
    /// <param name="settings">As environment variables: <c>Enneo__Section__Key</c>.</param>
    public static async Task<CommandResult> RunAsync(
        string dataDirectory, IEnumerable<string> arguments, CancellationToken cancellationToken, IReadOnlyDictionary<string, string>? settings = null)
    {
        Screen screen = new(new(), new());
        string[] all =
        [
            $"--Enneo:DataDirectory={dataDirectory}",
            .. arguments,
            .. (settings ?? new Dictionary<string, string>()).Select(setting => $"--{setting.Key.Replace("__", ":", StringComparison.Ordinal)}={setting.Value}"),
        ];
        var exitCode = await Task.Run(
            () =>
            {
                s_screen.Value = screen;
                return EnneoApp.EnterAsync(all);
            },
            cancellationToken);
        return new CommandResult(exitCode, screen.Output.ToString(), screen.Errors.ToString());
    }

    private sealed record Screen(StringWriter Output, StringWriter Errors);

    /// <summary>Writes where the command that asks for it looks; all others to where they wrote before.</summary>
    private sealed class ConsoleOfFlow(TextWriter others, Func<Screen, TextWriter> mine) : TextWriter
    {
        public override Encoding Encoding => others.Encoding;

        private TextWriter Current => s_screen.Value is { } screen ? mine(screen) : others;

        public override void Write(char value) => Current.Write(value);

        public override void Write(char[] buffer, int index, int count) => Current.Write(buffer, index, count);

        public override void Write(string? value) => Current.Write(value);

        public override void WriteLine(string? value) => Current.WriteLine(value);

        public override void Flush() => Current.Flush();
    }
}
