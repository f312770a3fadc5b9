using System.Globalization;

namespace Enneo.Web.Commands;

/// <summary>
/// What the arguments ask for. Written by hand: so few commands need no library, and the settings that
/// may stand among them (<c>--Enneo:Key=value</c>) go on to the host untouched.
/// </summary>
/// <param name="Command">Null for the server.</param>
/// <param name="Answer">Set when there is nothing to do but say something: help, or what is wrong.</param>
internal sealed record CommandLine(string[] HostArguments, bool IsDemo, CommandRequest? Command, CommandAnswer? Answer)
{
    private static readonly HashSet<string> s_hostKeys =
        new(["urls", "environment", "contentRoot", "applicationName", "webroot"], StringComparer.OrdinalIgnoreCase);

    public bool NamesContentRoot => HostArguments.Any(a => a.StartsWith("--contentRoot", StringComparison.OrdinalIgnoreCase));

    public static CommandLine Parse(string[] arguments)
    {
        var (host, rest) = Split(arguments);
        var words = rest.TakeWhile(a => !a.StartsWith('-')).ToArray();
        var options = rest[words.Length..];
        if (options.Contains("--help") || options.Contains("-h") || words is ["help", ..])
        {
            return new CommandLine(host, false, null, CommandAnswer.Help);
        }

        if (words.Length == 0)
        {
            return options.FirstOrDefault(o => o != "--demo") is { } unknown
                ? Wrong(CommandText.UnknownOption, unknown)
                : new CommandLine(host, options.Length > 0, null, null);
        }

        var name = string.Join(' ', words);
        if (CommandDefinition.All.FirstOrDefault(c => c.Name == name) is not { } known)
        {
            return Wrong(CommandText.UnknownCommand, name);
        }

        return CommandOptions.TryParse(known, options, out var parsed, out var problem)
            ? new CommandLine(host, false, new CommandRequest(known, parsed), null)
            : new CommandLine(host, false, null, CommandAnswer.Wrong(problem));

        CommandLine Wrong(string text, string value) =>
            new(host, false, null, CommandAnswer.Wrong(string.Format(CultureInfo.CurrentCulture, text, value)));
    }

    /// <summary>Settings to the host, as <c>--key=value</c>; everything else to us.</summary>
    private static (string[] Host, string[] Ours) Split(string[] arguments)
    {
        List<string> host = [];
        List<string> rest = [];
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i];
            var key = argument.Split('=', 2)[0].TrimStart('-');
            if (!argument.StartsWith("--", StringComparison.Ordinal) || !(key.Contains(':', StringComparison.Ordinal) || s_hostKeys.Contains(key)))
            {
                rest.Add(argument);
            }
            else if (argument.Contains('=', StringComparison.Ordinal) || i + 1 == arguments.Length)
            {
                host.Add(argument);
            }
            else
            {
                host.Add($"{argument}={arguments[++i]}");
            }
        }

        return ([.. host], [.. rest]);
    }
}

/// <summary>Something to say instead of running.</summary>
internal sealed record CommandAnswer(int ExitCode, string Text)
{
    /// <summary>How the log names the door that commands come through.</summary>
    public const string Origin = "command";

    private const int Usage = 2;

    public static readonly CommandAnswer Help = new(0, CommandText.Help);

    public static CommandAnswer Wrong(string sentence) => new(Usage, sentence);

    public int Print()
    {
        (ExitCode == 0 ? Console.Out : Console.Error).WriteLine(Text);
        return ExitCode;
    }
}
