using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Backup;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>backup FOLDER</c>: database, raw mail and settings, while a server may be running.</summary>
internal sealed class Backup(BackupCreation creation) : ICommand
{
    public static readonly CommandDefinition Command = new("backup", new CommandOption("--with-keys", TakesValue: false)) { Operand = "FOLDER" };

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var outcome = await creation.RunAsync(
            options.Operand, options.Has("--with-keys"), kept: null, Actor.Operator, CommandAnswer.Origin, cancellationToken);
        if (outcome is not { Snapshot: { } snapshot, Manifest: { } manifest })
        {
            return Refusal.Because(outcome.Problem ?? "").Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.BackupMade, snapshot, options.Operand, manifest.Mails));
        Console.Out.WriteLine(manifest.HasKeys ? CommandText.BackupHasKeys : CommandText.BackupWithoutKeys);
        return 0;
    }
}
