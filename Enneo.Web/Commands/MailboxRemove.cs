using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox remove</c>: takes a mailbox out of use; what becomes of its conversations must be said.</summary>
internal sealed class MailboxRemove(MailboxQueries queries, MailboxRemoval removal) : ICommand
{
    public static readonly CommandDefinition Command = new(
        "mailbox remove", new CommandOption("--address", IsRequired: true), new CommandOption("--keep", TakesValue: false), new CommandOption("--erase", TakesValue: false));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var address = options["--address"].Trim();
        var erase = options.Has("--erase");
        if (erase == options.Has("--keep"))
        {
            return Refusal.Because(CommandText.KeepOrErase).Print();
        }

        if (await queries.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } id
            || !await removal.RemoveAsync(id, erase, Actor.Operator, CommandAnswer.Origin, cancellationToken))
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address)).Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, erase ? CommandText.RemovedErasing : CommandText.RemovedKept, address));
        return 0;
    }
}
