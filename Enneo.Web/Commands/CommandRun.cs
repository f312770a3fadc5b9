using System.Globalization;
using Enneo.Core.Data;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary>A command as it was asked for.</summary>
internal sealed record CommandRequest(CommandDefinition Definition, CommandOptions Options);

/// <summary>Runs a command on a data directory that may be new, or that a server uses at the same time.</summary>
internal sealed class CommandRun(IEnumerable<ICommand> commands, DataDirectory directory, DatabaseMigration migration)
{
    public async Task<int> RunAsync(CommandRequest request)
    {
        using CancellationTokenSource interrupted = new();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        };

        if (request.Definition.NeedsDatabase && await MigrateAsync(interrupted.Token) is { } problem)
        {
            return Refusal.Because(problem).Print();
        }

        try
        {
            return await commands.Single(c => c.Definition == request.Definition).RunAsync(request.Options, interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Refusal.Because(CommandText.Interrupted).Print();
        }
    }

    private async Task<string?> MigrateAsync(CancellationToken cancellationToken)
    {
        using var held = ServerLock.TryTake(directory);
        if (held is not null)
        {
            return await migration.RunAsync(cancellationToken);
        }

        return await migration.IsCurrentAsync(cancellationToken)
            ? null
            : string.Format(CultureInfo.CurrentCulture, CommandText.ServerOfOtherVersion, directory.Path);
    }
}
