using System.Globalization;
using Enneo.Core.Backup;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Storage;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox export</c>: all mail of a mailbox as an mbox file.</summary>
internal sealed class MailboxExporting(MailboxQueries mailboxes, MailboxExport export) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox export", new("--address", IsRequired: true), new("--file", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var (address, path) = (options["--address"], options["--file"]);
        if (await mailboxes.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } mailboxId)
        {
            return Refuse(CommandText.NoSuchMailbox, address);
        }

        try
        {
            await using FileStream file = new(path, FileMode.CreateNew);
            var written = await export.WriteAsync(mailboxId, file, cancellationToken);
            Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.MailboxExported, written, address, path));
            return 0;
        }
        catch (Exception exception) when (exception is CorruptSourceException or IOException or UnauthorizedAccessException)
        {
            return Refuse(CommandText.FileUnwritable, path, exception.Message);
        }
    }

    private static int Refuse(string text, params object[] values) => Refusal.Because(string.Format(CultureInfo.CurrentCulture, text, values)).Print();
}
