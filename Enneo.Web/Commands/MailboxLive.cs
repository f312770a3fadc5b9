using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;
using Enneo.Core.Sync;
using Enneo.Web.Shell;

namespace Enneo.Web.Commands;

/// <summary><c>mailbox live</c>: ends the shadow mode of a mailbox; what becomes of what was done meanwhile must be said.</summary>
internal sealed class MailboxLive(MailboxQueries queries, GoingLive goingLive) : ICommand
{
    public static readonly CommandDefinition Command = new(
        "mailbox live", new CommandOption("--address", IsRequired: true), new CommandOption("--undo", TakesValue: false), new CommandOption("--apply", TakesValue: false));

    public CommandDefinition Definition => Command;

    public async Task<int> RunAsync(CommandOptions options, CancellationToken cancellationToken)
    {
        var address = options["--address"].Trim();
        var apply = options.Has("--apply");
        if (apply == options.Has("--undo"))
        {
            return Refusal.Because(CommandText.UndoOrApply).Print();
        }

        if (await queries.FindByAddressAsync(Reach.All, address, cancellationToken) is not { } id)
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NoSuchMailbox, address)).Print();
        }

        if (!await goingLive.RunAsync(id, apply, Actor.Operator, CommandAnswer.Origin, cancellationToken))
        {
            return Refusal.Because(string.Format(CultureInfo.CurrentCulture, CommandText.NotInShadow, address)).Print();
        }

        Console.Out.WriteLine(string.Format(CultureInfo.CurrentCulture, CommandText.NowLive, address));
        return 0;
    }
}
