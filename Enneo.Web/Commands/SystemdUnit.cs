using System.Globalization;
using Enneo.Core.Data;

namespace Enneo.Web.Commands;

/// <summary><c>systemd</c>: a unit that runs this very program, to be kept in <c>/etc/systemd/system</c>.</summary>
internal sealed class SystemdUnit(DataDirectory directory) : ICommand
{
    public static readonly CommandDefinition Command = new("systemd", new CommandOption("--user")) { NeedsDatabase = false };

    private const string DefaultUser = "enneo";

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        await using var template = typeof(SystemdUnit).Assembly.GetManifestResourceStream("enneo.service")!;
        using StreamReader reader = new(template);
        var unit = await reader.ReadToEndAsync(cancellationToken);
        Console.Out.Write(string.Format(CultureInfo.InvariantCulture, unit, options.Find("--user") ?? DefaultUser, Start(), directory.Path));
        return 0;
    }

    /// <summary>The program itself; started by <c>dotnet</c>, that and the program's file.</summary>
    private static string Start()
    {
        var process = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(process) == "dotnet"
            ? $"\"{process}\" \"{typeof(SystemdUnit).Assembly.Location}\""
            : $"\"{process}\"";
    }
}
