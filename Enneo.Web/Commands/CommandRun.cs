using System.Globalization;
using Enneo.Core.Data;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary>A command as it was asked for.</summary>
internal sealed record CommandRequest(CommandDefinition Definition, CommandOptions Options);

/// <summary>Runs a command on a data directory that may be new, or that a server uses at the same time.</summary>
internal sealed class CommandRun(IEnumerable<ICommand> commands, DataDirectory directory, DatabaseMigration migration)
{
    public Task<int> RunAsync(CommandRequest request) => InterruptiblyAsync(async cancellationToken =>
        request.Definition.NeedsDatabase && await MigrateAsync(cancellationToken) is { } problem
            ? Refusal.Because(problem).Print()
            : await commands.Single(c => c.Definition == request.Definition).RunAsync(request.Options, cancellationToken));

    /// <summary>Runs what is given until it is done or Ctrl+C is pressed.</summary>
    public static async Task<int> InterruptiblyAsync(Func<CancellationToken, Task<int>> run)
    {
        using CancellationTokenSource interrupted = new();
        void Interrupt(object? sender, ConsoleCancelEventArgs pressed)
        {
            pressed.Cancel = true;
            interrupted.Cancel();
        }

        Console.CancelKeyPress += Interrupt;
        try
        {
            return await run(interrupted.Token);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Refusal.Because(CommandText.Interrupted).Print();
        }
        finally
        {
            Console.CancelKeyPress -= Interrupt;
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
