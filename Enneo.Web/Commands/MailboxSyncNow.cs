using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox sync</c>: asks the server beside which it runs to look into a mailbox now.</summary>
internal sealed class MailboxSyncNow(MailboxQueries queries, MailboxRemoval removal) : ICommand
{
    public static readonly CommandDefinition Command = new("mailbox sync", new CommandOption("--address", IsRequired: true));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var address = options["--address"].Trim();
        if (await queries.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } id)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address)).Print();
        }

        if (!await removal.RequestSyncAsync(id, Actor.Operator, CommandAnswer.Origin, cancellationToken))
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.MailboxIsPaused, address)).Print();
        }

        Console.Out.WriteLine(CommandText.SyncRequested);
        return 0;
    }
}
