using System.Globalization;
using Enneo.Core.Backup;
using Enneo.Core.Data;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>restore FOLDER</c>: verifies a backup and puts it in the place of the data.</summary>
internal sealed class Restore(BackupRestoring restoring, DataDirectory directory) : ICommand
{
    public static readonly CommandDefinition Command = new("restore", new CommandOption("--snapshot")) { Operand = "FOLDER", NeedsDatabase = false };

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        using var held = ServerLock.TryTake(directory);
        if (held is null)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.RestoreWhileRunning, directory.Path)).Print();
        }

        var outcome = await restoring.RunAsync(options.Operand, options.Find("--snapshot"), new VerifiedMails(), cancellationToken);
        if (outcome is not { Snapshot: { } snapshot, Manifest: { } manifest })
        {
            return Refusal.Because(outcome.Problem ?? "").Print();
        }

        Say(CommandText.Restored, snapshot, directory.Path, manifest.Mails);
        if (outcome.Replaced is { } replaced)
        {
            Say(CommandText.RestoreReplaced, replaced);
        }

        if (outcome.Uncertain > 0)
        {
            Say(CommandText.RestoreUncertain, outcome.Uncertain);
        }

        Say(manifest.HasKeys ? CommandText.RestoreHasKeys : CommandText.RestoreWithoutKeys);
        return 0;
    }

    private static void Say(string text, params object[] values) => Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, text, values));

    /// <summary>A large backup takes minutes to read: each ten thousand mails are told.</summary>
    private sealed class VerifiedMails : IProgress<int>
    {
        private const int Worth = 10_000;

        private int _told;

        public void Report(int value)
        {
            if (value / Worth > _told)
            {
                _told = value / Worth;
                Console.Error.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.RestoreVerified, value));
            }
        }
    }
}
