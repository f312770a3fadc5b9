using System.Globalization;
using Enneo.Core.Backup;
using Enneo.Core.Data;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox import</c>: mail from an mbox file, a single one, or a folder of both, as history of a mailbox.</summary>
internal sealed class MailboxImporting(MailboxQueries mailboxes, HistoryImport import, DataDirectory directory) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox import", new("--address", IsRequired: true), new("--file", IsRequired: true));

    /// <summary>A folder may hold thousands of files that are no mail.</summary>
    private const int NamedAtMost = 20;

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var (address, path) = (options["--address"], options["--file"]);
        using var held = ServerLock.TryTake(directory);
        if (held is null)
        {
            return Refuse(CommandText.ImportWhileRunning, directory.Path);
        }

        if (await mailboxes.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } mailboxId)
        {
            return Refuse(CommandText.NoSuchMailbox, address);
        }

        try
        {
            var outcome = await import.RunAsync(mailboxId, path, new ReadMails(), cancellationToken);
            foreach (var strange in outcome.Strange.Take(NamedAtMost))
            {
                Console.Error.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.NoMailInFile, strange));
            }

            Console.Out.WriteLine(string.Format(
                CultureInfo.CurrentCulture, CommandText.MailboxImported, outcome.Imported, address, outcome.AlreadyHere, outcome.Strange.Count));
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(CommandText.FileUnreadable, path, exception.Message);
        }
    }

    private static int Refuse(string text, params object[] values) => Refusal.Because(string.Format(CultureInfo.CurrentCulture, text, values)).Print();

    /// <summary>Tells each ten thousand mails.</summary>
    private sealed class ReadMails : IProgress<int>
    {
        private const int Worth = 10_000;

        private int _told;

        public void Report(int value)
        {
            if (value / Worth > _told)
            {
                _told = value / Worth;
                Console.Error.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.ImportRead, value));
            }
        }
    }
}
